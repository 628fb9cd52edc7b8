/** The classes that are looked at. */

/**
 * Classes whose name a filter finds: words of it anywhere in the name, as a regular expression where it is one. Case counts
 * only if the filter has capitals. Undefined for an empty filter.
 */
export function foundClasses(labels: readonly string[], filter: string): readonly number[] | undefined {
  if (filter.trim() === '') return undefined;
  const test = tester(filter);
  return labels.flatMap((label, k) => (test(label) ? [k] : []));
}

function tester(filter: string): (label: string) => boolean {
  const cased = /\p{Lu}/u.test(filter);
  try {
    const pattern = new RegExp(filter, cased ? 'u' : 'iu');
    return (label) => pattern.test(label);
  } catch {
    // Half a regular expression, as one types it, is words.
    const words = cased ? filter : filter.toLowerCase();
    return (label) => (cased ? label : label.toLowerCase()).includes(words);
  }
}
