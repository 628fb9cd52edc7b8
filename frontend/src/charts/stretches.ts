/** Where logged steps stand on the shared axis, in pixels. */
import type { Domain } from '../math/domain';

export interface Stretch {
  readonly left: number;
  readonly right: number;
}

/** Each step stands until the next one; the last one as long as is usual. */
export function stretchesOf(x: ArrayLike<number>, [from, to]: Domain, width: number): readonly Stretch[] {
  const n = x.length;
  const typical = n > 1 ? ((x[n - 1] ?? 0) - (x[0] ?? 0)) / (n - 1) : to - from;
  const at = (place: number) => Math.round(((place - from) / (to - from)) * width);
  return Array.from({ length: n }, (_, i) => ({ left: at(x[i] ?? 0), right: at(x[i + 1] ?? (x[i] ?? 0) + typical) }));
}
