/** The numbers of a comparison, to save. */
import type { Field } from '../../components/download';
import type { Point, SeriesInfo } from '../../panel';
import type { Comparison } from '../../schema.gen';
import type { ComparedNames } from './Compared';
import { classRows, disagreements, mark, tableOf } from './facts';

const known = (x: number) => (Number.isNaN(x) ? undefined : x);

/** One row a class, under its heading. */
export function classRowsToSave(c: Comparison, names: ComparedNames): readonly (readonly Field[])[] {
  const head = [
    'class',
    'samples',
    'right here alone',
    'right there alone',
    'difference of the recalls',
    'low',
    'high',
    'p',
    'p of all',
    'mark',
  ];
  const rows = classRows(c).map((row): readonly Field[] => [
    names.truth(row.id),
    row.samples,
    row.gained,
    row.lost,
    ...[row.difference, row.low, row.high, row.p, row.pOfAll].map(known),
    mark(row),
  ]);
  return [head, ...rows];
}

/** All of it by name. */
export function numbersToSave({ step, payload: c }: Point<'comparison'>, own: SeriesInfo, other: SeriesInfo, names: ComparedNames) {
  return {
    run: own.run,
    tag: own.tag,
    step,
    other: { run: other.run, tag: other.tag, step: c.other_step },
    matched_by: c.matched_by,
    compared: c.compared,
    left_out: { only_here: c.only_this, only_there: c.only_other, truth_differs: c.truth_differs, truth_unknown: c.truth_unknown },
    ...tableOf(c),
    p: c.p,
    difference: c.difference,
    difference_low: c.difference_low,
    difference_high: c.difference_high,
    kappa: c.kappa,
    classes: classRows(c).map(({ id, ...row }) => ({ class: names.truth(id), ...row })),
    disagreements: disagreements(c).map(({ predicted, other: there, ...cell }) => ({
      here: names.predicted(predicted),
      there: names.there(there),
      ...cell,
    })),
  };
}
