/** What the lines of a selected layer are: one a parameter, of each measure. Pure. */
import type { Scale } from '../../math/domain';
import type { Placed } from '../../math/placed';
import { IS, type Measure, type Track, track } from '../../math/tensor_measures';
import { below, isKernel, isLearnt, membersIn } from '../../math/tensor_rows';
import type { TensorSeries } from '../../math/tensor_series';
import { isFrozen } from '../../math/tensor_words';

export interface LayerLine {
  readonly training: string;
  /** Of the training in focus. */
  readonly isOwn: boolean;
  /** What the parameter's path adds to that of the layer. */
  readonly name: string;
  readonly isFrozen: boolean;
  readonly dash: readonly number[];
  /** Where the values stand that have a place: those that are not finite have a mark. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** All of it, and where its steps stand. */
  readonly track: Track & { readonly x: Float64Array; readonly step: Float64Array };
}

export interface Lines {
  readonly measure: Measure;
  readonly scale: Scale;
  readonly lines: readonly LayerLine[];
}

const SHOWN: readonly Measure[] = ['update_ratio', 'gradient_norm', 'weight_norm'];
/** Of a layer with more parameters there is one line, of all of them together. */
const MOST = 6;
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 6]];
/** A factor between the least value and the greatest from which on the axis is logarithmic, as in the charts of scalars. */
const WIDE = 20;

/** The charts of a layer; those of which nothing is told are left out. */
export function chartsOf(
  layer: string,
  own: TensorSeries,
  reference: TensorSeries | undefined,
  kernelsOnly: boolean,
  placed: readonly Placed[],
): readonly Lines[] {
  const groups = groupsOf(own, layer, kernelsOnly);
  return SHOWN.flatMap((measure): readonly Lines[] => {
    const lines = [own, reference].flatMap((series) =>
      groups.flatMap(({ name, places }, k): readonly LayerLine[] => {
        if (series === undefined) return [];
        const x = placed.find(({ curve }) => curve.training === series.training)?.x;
        const members = membersIn(places, own, series);
        if (x === undefined || members.length === 0) return [];
        const found = track(series, members, measure);
        const kept = Array.from(x.keys()).filter((i) => found.state[i] === IS.value || found.state[i] === IS.nonFinite);
        if (kept.length === 0) return [];
        return [
          {
            training: series.training,
            isOwn: series === own,
            name,
            isFrozen: isFrozen({ members }, series.rows),
            dash: DASHES[k % DASHES.length] ?? [],
            x: Float64Array.from(kept, (i) => x[i] ?? 0),
            y: Float64Array.from(kept, (i) => (found.state[i] === IS.value ? (found.value[i] ?? Number.NaN) : Number.NaN)),
            track: { ...found, x, step: series.step },
          },
        ];
      }),
    );
    return lines.length === 0 ? [] : [{ measure, scale: measure === 'update_ratio' ? 'log' : scaleFor(lines), lines }];
  });
}

function scaleFor(lines: readonly LayerLine[]): Scale {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { y } of lines) {
    for (const value of y) {
      if (value > 0 && value < low) low = value;
      if (value > high) high = value;
    }
  }
  return high > WIDE * low ? 'log' : 'linear';
}

interface Group {
  readonly name: string;
  /** Of its parameters, among the rows of the training in focus. */
  readonly places: readonly number[];
}

function groupsOf({ rows }: TensorSeries, layer: string, kernelsOnly: boolean): readonly Group[] {
  const places = Array.from(rows.keys()).filter((p) => {
    const row = rows[p];
    if (row === undefined || !isLearnt(row.role) || (kernelsOnly && !isKernel(row.shape))) return false;
    return row.layer === layer || row.path === layer || row.layer.startsWith(`${layer}/`);
  });
  if (places.length > MOST) return [{ name: `all ${places.length} parameters`, places }];
  return places.map((p) => ({ name: below(rows[p]?.path ?? '', layer), places: [p] }));
}
