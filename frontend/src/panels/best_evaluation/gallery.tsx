/** Pictures of this panel without a server. */
import { useMemo, useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import { matrix } from '../../math/confusion.fixture';
import { MemorySource } from '../../memory.fixture';
import type { Point, Series } from '../../panel';
import type { ScoreHistory } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { classes, series } from '../confusion_matrix/gallery';
import { BestEvaluation } from './BestEvaluation';

interface StageProps {
  /** Right ones of two classes of 50 examples each, at each evaluation. */
  readonly right: readonly (readonly [number, number])[];
  readonly selected?: Partial<Selection>;
  readonly width?: number;
  readonly scored?: boolean;
}

const NAMES = ['cat', '<b>dog</b>', 'emu'];

function Stage({ right, selected = {}, width = 340, scored = false }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const evaluations = useMemo(
    () =>
      series(
        right.map(([a, b]) =>
          matrix([
            [a, 50 - a, 0],
            [50 - b, b, 0],
            [0, 0, 0],
          ]),
        ),
        'digits',
        100,
      ),
    [right],
  );
  const source = useMemo(() => {
    const found = (): Promise<Point<'score_history'>> =>
      Promise.resolve({ step: 100 * right.length, wallTime: 0, payload: historyOf(right.map(([a, b]) => (a + b) / 100)) });
    return Object.assign(new MemorySource([]), { scoreHistory: found });
  }, [right]);
  const scores: Series = { ...evaluations, kind: 'score_curves', tag: 'validation/score_curves', points: [] };
  return (
    <Answers.Provider value={source}>
      <div style={{ width: `${width}px` }}>
        <BestEvaluation
          series={{ confusion_matrix: [evaluations], classes: [classes(NAMES, 'digits')] }}
          asked={scored ? [scores] : []}
          selection={selection}
          focus="digits"
          step={selection.step ?? 100 * right.length}
          select={(change) => setSelection((old) => ({ ...old, ...change }))}
          colour={() => 'var(--ls-accent)'}
        />
      </div>
    </Answers.Provider>
  );
}

/** Scores that are the better, the more is right. */
function historyOf(accuracy: readonly number[]): ScoreHistory {
  const all = (of: (a: number) => number) => Float64Array.from(accuracy, of);
  return {
    kind: 'score_history',
    classes: 'fixture',
    of: -2,
    step: Int32Array.from(accuracy, (_, i) => 100 * (i + 1)),
    auc: all((a) => a),
    auc_low: all((a) => a - 0.03),
    auc_high: all((a) => a + 0.03),
    ap: all((a) => a),
    ece: all((a) => (1 - a) / 5),
    ece_floor: all(() => 0.01),
    brier: all((a) => 1 - a),
    brier_low: all((a) => 1 - a - 0.05),
    brier_high: all((a) => 1 - a + 0.05),
    nll: all((a) => 2 - a),
    nll_low: all((a) => 2 - a - 0.01),
    nll_high: all((a) => 2 - a + 0.01),
  };
}

const RISING = [20, 28, 35, 40, 43, 44, 43].map((n) => [n, n + 3] as const);

export const fixtures = {
  rising: () => <Stage right={RISING} />,
  scores: () => <Stage right={RISING} scored selected={{ options: { 'best_evaluation.by': 'nll' } }} />,
  'no-intervals': () => <Stage right={RISING} scored selected={{ options: { 'best_evaluation.by': 'ece' } }} />,
  'of-a-class': () => <Stage right={RISING} scored selected={{ classes: [1], step: 300, options: { 'best_evaluation.by': 'recall' } }} />,
  'nothing-to-tell': () => <Stage right={RISING} selected={{ classes: [2], options: { 'best_evaluation.by': 'recall' } }} />,
  equals: () => <Stage right={[...RISING, [44, 47], [44, 47]]} />,
  one: () => <Stage right={RISING.slice(0, 1)} />,
  surely: () => (
    <Stage
      right={[
        [5, 5],
        [45, 45],
      ]}
    />
  ),
};
