/** Shortens a name in the middle, where names that belong together differ least. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * At most `max` graphemes of `text`, its middle replaced by an ellipsis.
 * By grapheme: an emoji or a letter with its accents is never cut in two.
 */
export function middle(text: string, max: number): string {
  // A grapheme has at least one code unit, so a short string is short in graphemes too.
  if (text.length <= max) return text;
  const parts = Array.from(graphemes.segment(text), (part) => part.segment);
  if (parts.length <= max) return text;
  const kept = Math.max(0, max - 1);
  const tail = Math.floor(kept / 2);
  return `${parts.slice(0, kept - tail).join('')}…${tail === 0 ? '' : parts.slice(-tail).join('')}`;
}

/** Line breaks, tabs and other controls as visible signs, so that a name stays on its line. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is made visible.
  return text.replace(/[\u0000-\u001f\u007f]/g, (c) => String.fromCodePoint(c === '\u007f' ? 0x2421 : 0x2400 + c.charCodeAt(0)));
}
