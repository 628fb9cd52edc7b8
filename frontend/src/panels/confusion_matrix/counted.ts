/** What became of the samples: all of them are in a cell or dropped, and the page says so. */
import { count, exact, number, plural } from '../../math/format';
import type { Evaluation } from './evaluation';

export interface Counted {
  readonly text: string;
  /** The same numbers in all their digits. */
  readonly exact: string;
  /** Samples are missing, doubled or left out. */
  readonly warns: boolean;
}

/** "899 examples, all counted", the weight of them where they are weighted, or how many were dropped, for what, and whether the sum is what was declared. */
export function counted({ point, confusion: c }: Evaluation): Counted {
  const { dropped, declared_size: declared } = point.payload;
  const reasons = Object.entries(dropped).filter(([, n]) => n > 0);
  const lost = reasons.reduce((sum, [, n]) => sum + n, 0);
  const all = c.samples + lost;
  const weight = c.rowSum.reduce((sum, w) => sum + w, 0);
  const parts = [plural(all, 'example')];
  const unknown = c.examples[c.size] ?? 0;
  const abstained = c.predictions[c.size] ?? 0;
  if (lost === 0) parts[0] += ', all counted';
  else parts.push(`${count(lost)} dropped: ${reasons.map(([reason, n]) => `${count(n)} ${reason}`).join(', ')}`);
  if (c.weighted) parts.push(`weight ${number(weight)} in all`);
  if (unknown > 0) parts.push(`${count(unknown)} of unknown truth`);
  if (abstained > 0) parts.push(`${count(abstained)} abstained`);
  const mismatch = declared !== null && declared !== all;
  if (mismatch)
    parts.push(`the data set was declared to have ${count(declared)}: samples are ${all < declared ? 'missing' : 'there twice'}`);
  if (c.samples > Number.MAX_SAFE_INTEGER) parts.push('counts above 2⁵³ are rounded');
  const digits = [`${exact(c.samples)} in a cell`, `${exact(lost)} dropped`, ...(c.weighted ? [`weight ${exact(weight)}`] : [])].join(', ');
  return { text: parts.join('; '), exact: digits, warns: lost > 0 || mismatch };
}
