/** How the panel writes its numbers. */
import type { Estimate } from '../../math/curve';
import { between, decimals, exact } from '../../math/format';

/** Three decimals, and never a rounded value that claims 0 or 1. */
export function three(x: number | undefined): string {
  return decimals(x, 3);
}

export function rangeText({ range }: Estimate): string {
  return range === undefined ? '' : between(range, three);
}

/** A number with everything behind it, for the tooltip. */
export function whole({ value, range }: Estimate): string {
  if (value === undefined) return 'undefined';
  return range === undefined ? exact(value) : `${exact(value)}, 95 % interval ${between(range, exact)}`;
}
