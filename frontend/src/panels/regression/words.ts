/** How the panel writes numbers of a target, which may lie far from zero and close together. */
import { between, exact, fixed, number } from '../../math/format';
import type { Target } from '../../math/regression';
import { edgesOf, scoresOf } from '../../math/regression';
import type { Interval } from '../../math/wilson';

/** A value with as many decimals as tell differences of a unit's size apart. */
export function valueText(x: number, unit: number): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(unit)));
  const isPlain = Number.isFinite(decimals) && decimals <= 9 && Math.abs(x) < 1e7 && Math.abs(x) >= unit / 10;
  return isPlain ? fixed(x, decimals) : number(x);
}

/** What differences between values of a target matter. */
export function unitOf(target: Target): number {
  const edges = edgesOf(target);
  const width = ((edges.at(-1) ?? 1) - (edges[0] ?? 0)) / 640;
  const rmse = scoresOf(target).rmse.value ?? 0;
  return rmse > 0 ? Math.min(width, rmse / 10) : width;
}

/** An error with its sign. */
export function signedText(x: number, write: (x: number) => string): string {
  return x > 0 ? `+${write(x)}` : write(x);
}

/** What a target is called. */
export function targetName(names: readonly string[], index: number): string {
  const name = names[index] ?? '';
  if (name !== '') return name;
  return names.length === 1 ? '' : `target ${index + 1}`;
}

/** A number with everything behind it, for the tooltip. */
export function whole(value: number | undefined, range: Interval | undefined): string {
  if (value === undefined) return 'undefined';
  return range === undefined ? exact(value) : `${exact(value)}, 95 % interval ${between(range, exact)}`;
}
