/** Classes by name, from the records that evaluations refer to. */
import type { Series } from '../panel';
import type { Classes } from '../schema.gen';

/** The record that an evaluation refers to: its run's, else another run's; undefined where it is not there. */
export function classesOf(records: readonly Series<'classes'>[], classes: string, run: string): Classes | undefined {
  const tag = `classes/${classes}`;
  const found = records.find((each) => each.tag === tag && each.run === run) ?? records.find((each) => each.tag === tag);
  return found?.points.at(-1)?.payload;
}

const known = new WeakMap<Classes, readonly string[]>();

/** The labels, with `(#id)` behind those that stand there twice, or are empty: the same value each time. */
export function uniqueLabels(record: Classes): readonly string[] {
  let made = known.get(record);
  if (made === undefined) {
    const times = new Map<string, number>();
    for (const label of record.labels) times.set(label, (times.get(label) ?? 0) + 1);
    made = record.labels.map((label, k) => (label.trim() === '' || (times.get(label) ?? 0) > 1 ? `${label} (#${k})`.trimStart() : label));
    known.set(record, made);
  }
  return made;
}
