/** The points of charts as they are saved: those in the part shown, with their values whole. */
import type { Field } from '../../components/download';
import type { Domain } from '../../math/domain';
import type { Placed } from '../../math/placed';
import { type Clock, type Curve, epochOf } from '../../math/series';

type Clocks = ReadonlyMap<string, Clock>;

const HEAD = ['training', 'run', 'tag', 'name', 'split', 'step', 'epoch', 'wall_time', 'value'] as const;

/** A row a point, under a row of names. A field is empty where nothing tells it. */
export function rows(placed: readonly Placed[], shown: Domain, clocks: Clocks): readonly (readonly Field[])[] {
  const points = placed.flatMap(({ curve, x }) => {
    const names = [curve.training, curve.run, curve.tag, curve.name, curve.split ?? undefined];
    return within(x, shown).map((i) => {
      const { step, epoch } = countsOf(curve, i, clocks);
      return [...names, step, epoch, curve.wall[i], curve.value[i]];
    });
  });
  return [HEAD, ...points];
}

/** The same by series. */
export function numbers(placed: readonly Placed[], shown: Domain, clocks: Clocks) {
  return {
    series: placed.map(({ curve, x }) => {
      const { training, run, tag, name, split } = curve;
      const points = within(x, shown).map((i) => ({ ...countsOf(curve, i, clocks), wall_time: curve.wall[i], value: curve.value[i] }));
      return { training, run, tag, name, split, points };
    }),
  };
}

function within(x: Float64Array, [from, to]: Domain): readonly number[] {
  return Array.from(x.keys()).filter((i) => (x[i] ?? Number.NaN) >= from && (x[i] ?? Number.NaN) <= to);
}

/** The step of a point, and how many epochs were finished then. */
function countsOf(curve: Curve, i: number, clocks: Clocks): { readonly step: number | undefined; readonly epoch: number | undefined } {
  const count = curve.step[i] ?? Number.NaN;
  if (curve.counts === 'epoch') return { step: undefined, epoch: count + 1 };
  return { step: count, epoch: epochOf(clocks.get(curve.training)?.fits ?? [], count) };
}
