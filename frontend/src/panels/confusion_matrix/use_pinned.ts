import { useMemo, useRef } from 'preact/hooks';
import { type Confusion, confusion } from '../../math/confusion';
import { labelsOf, type Props } from './evaluation';

/** A step of one of the trainings shown. */
export interface Kept {
  readonly training: string;
  readonly step: number;
  readonly confusion: Confusion;
  readonly labels: readonly string[];
}

/**
 * Every step of every training shown, of the evaluation shown: what the colours span and the classes are ordered by, so that
 * neither moves along the slider. While a step is chosen, others do not come in: new data moves no picture that is looked at. Before a training is shown the first time nothing of it was looked at, and all of it counts.
 */
export function usePinned({ series, selection }: Pick<Props, 'series' | 'selection'>): readonly Kept[] {
  const seen = useRef(new Map<string, ReadonlySet<number>>());
  const isPinned = selection.step !== null;
  const parts = series.confusion_matrix.map(({ training, run, tag, points }) => {
    const key = JSON.stringify([run, tag]);
    const before = seen.current.get(key);
    const steps = isPinned && before !== undefined && before.size > 0 ? before : new Set(points.map(({ step }) => step));
    seen.current.set(key, steps);
    return points
      .filter(({ step }) => steps.has(step))
      .map(({ step, payload }) => ({ training, step, confusion: confusion(payload), labels: labelsOf(payload, run, series.classes) }));
  });
  const all = parts.flat();
  // The same value as long as it is the same matrices: everything that is drawn hangs on it.
  return useMemo(() => all, [keyOf(all)]);
}

const keys = new WeakMap<object, number>();
let next = 0;

/** The same text for the same matrices of the same names. */
function keyOf(all: readonly Kept[]): string {
  const number = (value: object) => {
    let key = keys.get(value);
    if (key === undefined) {
      key = next++;
      keys.set(value, key);
    }
    return key;
  };
  return all.map(({ training, step, confusion: c, labels }) => `${training} ${step} ${number(c)} ${number(labels)}`).join('\n');
}
