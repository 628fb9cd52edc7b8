/** The distributions of a training, one a parameter, from our own records or from TensorBoard's histograms. */
import { type Bins, binsOfCodes } from '../../math/bins';
import { laterWins } from '../../math/series';
import { rowsOfAxis, type TensorRow } from '../../math/tensor_series';
import type { Series } from '../../panel';

export type Of = 'weights' | 'gradients' | 'other';

export interface Spread {
  readonly training: string;
  readonly path: string;
  readonly layer: string;
  readonly of: Of;
  /** Bins as another tool chose them, not powers of two. */
  readonly isTheirs: boolean;
  readonly counts: 'step' | 'epoch';
  /** Rising. */
  readonly step: Float64Array;
  /** Seconds since 1970. */
  readonly wall: Float64Array;
  /** [step] */
  readonly bins: readonly Bins[];
  /** Every how many-th value was looked at, at the last step. */
  readonly stride: number;
}

/** Ours: each parameter in forward order, of each tag's last part (`weights`, `gradients`). */
export function ours(series: readonly Series<'distributions'>[], parameters: readonly Series<'parameters'>[]): readonly Spread[] {
  const axes = new Map(
    parameters.flatMap(({ tag, points }) => points.slice(-1).map(({ payload }) => [tag.split('/').at(-1) ?? '', payload])),
  );
  return series.flatMap(({ training, tag, points }): readonly Spread[] => {
    const of = ofTag(tag);
    const byPath = new Map<string, { row: TensorRow; step: number[]; wall: number[]; bins: Bins[]; stride: number }>();
    for (const { step, wallTime, payload } of points) {
      const axis = axes.get(payload.parameters);
      const size = payload.bucket_end.length;
      const rows = axis === undefined ? unnamed(size) : rowsOfAxis(axis);
      for (let p = 0; p < size; p++) {
        const row = rows[p];
        const from = p === 0 ? 0 : (payload.bucket_end[p - 1] ?? 0);
        const to = payload.bucket_end[p] ?? 0;
        if (row === undefined || to === from) continue;
        const own = byPath.get(row.path) ?? { row, step: [], wall: [], bins: [], stride: 1 };
        byPath.set(row.path, own);
        own.step.push(step);
        own.wall.push(wallTime);
        own.bins.push(binsOfCodes(payload.exponent, payload.count, from, to));
        own.stride = payload.sampled?.[p] ?? 1;
      }
    }
    return [...byPath.values()].map(({ row, step, wall, bins, stride }) => ({
      training,
      path: row.path,
      layer: row.layer,
      of,
      isTheirs: false,
      counts: 'step',
      step: Float64Array.from(step),
      wall: Float64Array.from(wall),
      bins,
      stride,
    }));
  });
}

/** Others': one a series. Where steps go back the later writing wins. */
export function theirs(series: readonly Series<'histograms'>[]): readonly Spread[] {
  return series.flatMap(({ training, points }): readonly Spread[] => {
    const payload = points.at(-1)?.payload;
    if (payload === undefined) return [];
    const { path, layer, of, axis, step, wall_time, bucket_end, left, right, count } = payload;
    const kept = laterWins(step);
    const bins = Array.from(kept, (i): Bins => {
      const [from, to] = [i === 0 ? 0 : (bucket_end[i - 1] ?? 0), bucket_end[i] ?? 0];
      return {
        left: left.subarray(from, to),
        right: right.subarray(from, to),
        count: count.subarray(from, to),
        nan: 0,
        minusInfinite: 0,
        plusInfinite: 0,
      };
    });
    return [
      {
        training,
        path,
        layer,
        of: of === 'weights' || of === 'gradients' ? of : 'other',
        isTheirs: true,
        counts: axis === 'epoch' ? 'epoch' : 'step',
        step: Float64Array.from(kept, (i) => step[i] ?? 0),
        wall: Float64Array.from(kept, (i) => wall_time[i] ?? 0),
        bins,
        stride: 1,
      },
    ];
  });
}

/**
 * Whether a layer, as logs name it, is the selected one or within it. Some tools put the model's name before it.
 */
export function isOfLayer(layer: string, selected: string): boolean {
  const within = (path: string) => path === selected || path.startsWith(`${selected}/`);
  return within(layer) || within(layer.slice(layer.indexOf('/') + 1)) || layer === selected.slice(selected.indexOf('/') + 1);
}

function ofTag(tag: string): Of {
  const last = tag.split('/').at(-1);
  return last === 'weights' || last === 'gradients' ? last : 'other';
}

function unnamed(count: number): readonly TensorRow[] {
  return Array.from({ length: count }, (_, i) => {
    const path = `parameter ${i + 1}`;
    return { path, layer: path, role: undefined, shape: undefined, size: Number.NaN };
  });
}
