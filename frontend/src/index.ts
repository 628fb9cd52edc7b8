/**
 * What TensorBoard calls when the tab opens: `import('index.js').then((m) => m.render())`.
 * The page is a chunk of its own, because only chunks that are imported bring their style sheets with them.
 */
export async function render(): Promise<void> {
  const { start } = await import('./start');
  start();
}
