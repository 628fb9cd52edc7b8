/** The classes that are looked at, and all others as one. */
import { type Groups, groupsOf } from './grouped';

/** The chosen classes each by itself, in the order of their ids, and, if there are any, all others together as the last group. */
export function withOther(size: number, chosen: Iterable<number>): Groups {
  const of = new Int32Array(size).fill(-1);
  const ids = [...new Set(chosen)].filter((k) => k >= 0 && k < size).sort((a, b) => a - b);
  ids.forEach((k, group) => {
    of[k] = group;
  });
  return groupsOf(of.map((group) => (group < 0 ? ids.length : group)));
}

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
