/** Multi-label evaluations as the writer counts them, from rows of truths and of what was told. */
import type { Multilabel } from '../schema.gen';

export type Rows = readonly (readonly boolean[])[];

export function multilabelOf(truth: Rows, told: Rows, labels: number, weight?: readonly number[]): Multilabel {
  const table = new Int32Array(4 * labels);
  const tableWeight = new Float64Array(4 * labels);
  const squares = new Float64Array(4 * labels);
  const wrongs = truth.map((row, i) => {
    const w = weight?.[i] ?? 1;
    let wrong = 0;
    for (let k = 0; k < labels; k++) {
      const [is, was] = [row[k] === true, told[i]?.[k] === true];
      const place = 4 * k + (was ? (is ? 0 : 1) : is ? 2 : 3);
      table[place] = (table[place] ?? 0) + 1;
      tableWeight[place] = (tableWeight[place] ?? 0) + w;
      squares[place] = (squares[place] ?? 0) + w * w;
      if (is !== was) wrong += 1;
    }
    return wrong;
  });
  const most = Math.max(0, ...wrongs);
  const wrongCount = Int32Array.from({ length: most + 1 }, (_, n) => wrongs.filter((each) => each === n).length);
  const byWrong = (of: (w: number) => number) =>
    Float64Array.from({ length: most + 1 }, (_, n) => wrongs.reduce((sum, each, i) => sum + (each === n ? of(weight?.[i] ?? 1) : 0), 0));
  const pairs = (first: (k: number, i: number) => boolean, second: (k: number, i: number) => boolean, ordered: boolean) => {
    const counts = new Map<number, number>();
    truth.forEach((_, i) => {
      for (let a = 0; a < labels; a++) {
        if (!first(a, i)) continue;
        for (let b = ordered ? a + 1 : 0; b < labels; b++) {
          if (b !== a && second(b, i)) counts.set(a * labels + b, (counts.get(a * labels + b) ?? 0) + 1);
        }
      }
    });
    return counts;
  };
  const missed = (k: number, i: number) => truth[i]?.[k] === true && told[i]?.[k] !== true;
  const falsely = (k: number, i: number) => truth[i]?.[k] !== true && told[i]?.[k] === true;
  const swaps = pairs(missed, falsely, false);
  const [both, bothTold] = [pairs(missed, missed, true), pairs(falsely, falsely, true)];
  const keys = (...maps: readonly Map<number, number>[]) => [...new Set(maps.flatMap((map) => [...map.keys()]))].sort((a, b) => a - b);
  const ends = (of: readonly number[]) => Int32Array.from({ length: labels }, (_, k) => of.filter((key) => key < (k + 1) * labels).length);
  const [swapKeys, togetherKeys] = [keys(swaps), keys(both, bothTold)];
  return {
    kind: 'multilabel',
    classes: 'names',
    epoch: null,
    samples: truth.length,
    dropped: {},
    reasons: {},
    declared_size: null,
    score: 'prob',
    threshold: 0.5,
    most_wrong: 32,
    unlisted_swaps: 0,
    unlisted_together: 0,
    table,
    unknown: new Int32Array(labels),
    left_out: new Int32Array(labels),
    wrong_count: truth.length === 0 ? new Int32Array(0) : wrongCount,
    row_end: ends(swapKeys),
    column: Int32Array.from(swapKeys, (key) => key % labels),
    count: Int32Array.from(swapKeys, (key) => swaps.get(key) ?? 0),
    together_end: ends(togetherKeys),
    together_column: Int32Array.from(togetherKeys, (key) => key % labels),
    missed_together: Int32Array.from(togetherKeys, (key) => both.get(key) ?? 0),
    false_together: Int32Array.from(togetherKeys, (key) => bothTold.get(key) ?? 0),
    label_threshold: null,
    table_weight: weight === undefined ? null : tableWeight,
    weight_squares: weight === undefined ? null : squares,
    wrong_weight: weight === undefined ? null : byWrong((w) => w),
    wrong_weight_squares: weight === undefined ? null : byWrong((w) => w * w),
  };
}
