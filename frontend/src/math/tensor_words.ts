/** How measures and what stands in a cell are called. */
import { middle } from './ellipsis';
import { number, percent } from './format';
import { IS, type Measure, type Track } from './tensor_measures';
import type { RowNode } from './tensor_rows';
import type { TensorRow } from './tensor_series';

export const CALLED = {
  update_ratio: 'update size',
  gradient_norm: 'gradient norm',
  gradient_rms: 'gradient RMS',
  gradient_ratio: 'gradient / weight',
  weight_norm: 'weight norm',
  non_finite: 'not finite',
  update_norm: 'update norm',
  gradient_mean: 'gradient mean',
  gradient_std: 'gradient deviation',
  gradient_min: 'gradient least',
  gradient_max: 'gradient greatest',
  weight_mean: 'weight mean',
  weight_std: 'weight deviation',
  weight_min: 'weight least',
  weight_max: 'weight greatest',
} as const satisfies Readonly<Record<Measure, string>>;

/** The value of a cell, or the word for what stands there instead. */
export function cellText(
  measure: Measure,
  { value, state }: Track,
  i: number,
  isFrozen: boolean,
  write: (x: number) => string = number,
): string {
  const v = value[i] ?? Number.NaN;
  switch (state[i]) {
    case IS.value:
      return measure === 'non_finite' ? (v === 0 ? 'none' : percent(v)) : write(v);
    case IS.nonFinite:
      if (measure !== 'non_finite' || Number.isNaN(v)) return 'not finite';
      return percent(v);
    case IS.none:
      return isFrozen ? 'frozen' : measure === 'update_ratio' ? 'no update' : measure === 'weight_norm' ? 'none' : 'no gradient';
    case IS.undefined:
      return 'undefined';
    default:
      return 'not logged';
  }
}

/** Whether all of a row's parameters are frozen. */
export function isFrozen({ members }: Pick<RowNode, 'members'>, rows: readonly TensorRow[]): boolean {
  return members.every((p) => rows[p]?.role === 'frozen');
}

/** The layer, or the group of layers, that a row is of. */
export function layerOf({ kind, path, members }: RowNode, rows: readonly TensorRow[]): string {
  return kind === 'parameter' ? (rows[members[0] ?? -1]?.layer ?? path) : path;
}

/** The end of a path that has room: neighbours differ there. */
export function tail(path: string, most: number): string {
  if (path.length <= most) return path;
  const parts = path.split('/');
  for (let k = 1; k < parts.length; k++) {
    const rest = `…/${parts.slice(k).join('/')}`;
    if (rest.length <= most) return rest;
  }
  return middle(parts.at(-1) ?? path, most);
}

/** Names that have room, each by its end; those that would then read the same by the part in which they differ, too. */
export function shortNames(paths: readonly string[], most: number): readonly string[] {
  const short = paths.map((path) => tail(path, most));
  const alike = new Map<string, number[]>();
  short.forEach((name, i) => {
    alike.set(name, [...(alike.get(name) ?? []), i]);
  });
  for (const places of alike.values()) {
    const parts = places.map((i) => (paths[i] ?? '').split('/'));
    const differing = parts[0]?.findIndex((part, k) => parts.some((other) => other[k] !== part)) ?? -1;
    if (places.length < 2 || differing < 0) continue;
    places.forEach((i, n) => {
      const own = parts[n]?.[differing] ?? '';
      const rest = parts[n]?.slice(differing + 1).join('/') ?? '';
      const room = most - own.length - 2;
      short[i] = room < 2 ? middle(own, most) : `${own}/…${Array.from(rest).slice(-room).join('')}`;
    });
  }
  return short;
}
