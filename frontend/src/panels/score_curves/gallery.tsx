/** Pictures of this panel without a server. */
import { useMemo, useState } from 'preact/hooks';
import { categorical, css } from '../../charts/colour';
import { Answers } from '../../frame/answers';
import { MemorySource, NOTHING_COMPUTED } from '../../memory.fixture';
import type { Point, Series, SeriesInfo } from '../../panel';
import type { Calibration, Classes, Curves } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { type CurveOf, Failed, type Source } from '../../source';
import { noise } from '../scalars/scalars.fixture';
import { answered, calibrated, type Scored } from './curves.fixture';
import { Missing } from './Missing';
import { ScoreCurves } from './ScoreCurves';

const LABELS = ['cat', '<b>dog</b>', 'שלום', 'a label that is much longer than there is room for', 'emu'];
const STEPS = [100, 200, 300];

/** Scores of an evaluation: better with every step. */
function evaluation(training: string, step: number, n: number, labels: readonly string[]) {
  const random = noise(step + training.length);
  const k = labels.length;
  const truth = Array.from({ length: n }, (_, i) => i % k);
  const rows = truth.map((y) => {
    const logits = labels.map((_, c) => 3 * random() + (c === y ? (step / 100) * (training === 'digits' ? 0.6 : 0.4) : 0));
    const powers = logits.map((z) => Math.exp(1.5 * z));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((e) => e / sum);
  });
  return { truth, rows };
}

type Made = ReturnType<typeof evaluation>;

function one({ truth, rows }: Made, of: number): Scored {
  if (of === -1) {
    return { of, score: rows.flat(), positive: rows.flatMap((row, i) => row.map((_, c) => truth[i] === c)) };
  }
  return { of, score: rows.map((row) => row[of] ?? 0), positive: truth.map((y) => y === of) };
}

interface StageProps {
  readonly n?: number;
  readonly labels?: readonly string[];
  readonly selected?: Partial<Selection>;
  readonly width?: number;
  readonly binary?: boolean;
  /** Trainings of the first two classes alone. */
  readonly two?: readonly string[];
  readonly focus?: string;
  /** Each class is a label of its own. */
  readonly multilabel?: boolean;
  readonly binned?: boolean;
  /** Leaves out samples, to have a class without positives or negatives. */
  readonly only?: number;
}

function info(training: string, kind: string, tag: string): SeriesInfo {
  return {
    training,
    run: `${training}/layerscope`,
    tag,
    kind,
    version: 1,
    evaluation: 'validation',
    name: null,
    split: null,
    lastStep: 300,
    lastWallTime: 1.7e9,
  };
}

function sourceOf({ n = 300, labels = LABELS, binary = false, binned = false, only, two = [], multilabel = false }: StageProps): Source {
  const isBinary = (training: string) => binary || two.includes(training);
  const made = new Map<string, Made>();
  const at = (training: string, step: number) => {
    const last = STEPS.findLast((each) => each <= step) ?? 100;
    const key = `${training} ${last}`;
    const all = made.get(key) ?? evaluation(training, last, n, isBinary(training) ? labels.slice(0, 2) : labels);
    made.set(key, all);
    const kept =
      only === undefined ? all : { truth: all.truth.filter((y) => y === only), rows: all.rows.filter((_, i) => all.truth[i] === only) };
    return { last, kept };
  };
  const source = new MemorySource([]);
  return Object.assign(Object.create(source) as MemorySource, NOTHING_COMPUTED, {
    curves: async ({ training }: SeriesInfo, step: number, of: readonly CurveOf[]): Promise<Point<'curves'>> => {
      const { last, kept } = at(training, step);
      const own = isBinary(training) ? [1] : [...labels.keys(), -1];
      const ids = of.length === 0 ? own : of.map((each) => (each === 'micro' ? -1 : Number(each)));
      const missing = ids.find((id) => !own.includes(id));
      if (missing !== undefined) throw new Failed({ error: `${training} has no curve ${missing}`, fix: '' }, 'curves');
      const payload: Curves = answered(
        ids.map((id) => one(kept, id)),
        { points: of.length > 0, binned },
      );
      return { step: last, wallTime: 1.7e9, payload };
    },
    calibration: async ({ training }: SeriesInfo, step: number): Promise<Point<'calibration'>> => {
      const { last, kept } = at(training, step);
      const payload: Calibration = multilabel
        ? calibrated(
            kept.rows.flat(),
            kept.rows.flatMap((row, i) => row.map((_, c) => kept.truth[i] === c)),
            { of: 'label' },
          )
        : isBinary(training)
          ? calibrated(
              kept.rows.map((row) => row[1] ?? 0),
              kept.truth.map((y) => y === 1),
              { of: 'positive class' },
            )
          : calibrated(
              kept.rows.map((row) => Math.max(...row)),
              kept.rows.map((row, i) => row.indexOf(Math.max(...row)) === kept.truth[i]),
            );
      return { step: last, wallTime: 1.7e9, payload };
    },
  });
}

/** The panel with a selection that works. */
export function Stage(props: StageProps) {
  const { selected = {}, labels = LABELS, width = 480, focus = 'digits', two = [], multilabel = false } = props;
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const source = useMemo(() => sourceOf(props), []);
  const classes = useMemo((): readonly Series<'classes'>[] => {
    const payloadOf = (training: string): Classes => ({
      kind: 'classes',
      labels: two.includes(training) ? labels.slice(0, 2) : labels,
      parents: null,
      task: multilabel ? 'multilabel' : 'multiclass',
      positive: null,
      ignored: null,
    });
    return ['digits', 'digits-slow'].map((training) => ({
      ...info(training, 'classes', 'classes/names'),
      kind: 'classes',
      points: [{ step: 0, wallTime: 1.7e9, payload: payloadOf(training) }],
      problems: [],
    }));
  }, [labels]);
  return (
    <Answers.Provider value={source}>
      <div style={{ width: `${width}px`, maxWidth: '100%' }}>
        <ScoreCurves
          series={{ classes }}
          asked={['digits', 'digits-slow'].map((training) => info(training, 'score_curves', 'validation/score_curves'))}
          selection={selection}
          focus={focus}
          step={selection.step ?? 300}
          select={(change) => setSelection((old) => ({ ...old, ...change }))}
          colour={(training) => css(categorical(training === 'digits' ? 0 : 1))}
        />
      </div>
    </Answers.Provider>
  );
}

export const fixtures = {
  class: () => <Stage selected={{ classes: [1] }} />,
  pooled: () => <Stage />,
  labels: () => <Stage multilabel />,
  'one-label': () => <Stage multilabel selected={{ classes: [0], threshold: 0.8 }} />,
  'against-two-classes': () => <Stage two={['digits-slow']} selected={{ reference: 'digits-slow' }} />,
  binary: () => <Stage labels={['no', 'yes']} binary n={200} />,
  reference: () => (
    <Stage selected={{ classes: [0], reference: 'digits-slow', threshold: 0.3, options: { 'score_curves.beside': '100' } }} />
  ),
  'no-negatives': () => <Stage labels={['no', 'yes']} binary only={1} n={40} />,
  'no-positives': () => <Stage labels={['no', 'yes']} binary only={0} n={40} />,
  few: () => <Stage labels={['no', 'yes']} binary n={7} />,
  binned: () => <Stage selected={{ classes: [4] }} binned />,
  narrow: () => <Stage selected={{ classes: [3] }} width={260} />,
  wide: () => <Stage selected={{ classes: [2] }} width={1400} />,
  'many-classes': () => <Stage labels={Array.from({ length: 60 }, (_, k) => `class ${k}`)} n={600} />,
  missing: () => (
    <Missing
      series={{ classes: [], confusion_matrix: [] }}
      asked={[info('digits', 'confusion_matrix', 'validation/confusion_matrix'), info('digits', 'predictions', 'validation/predictions')]}
      selection={NOTHING_SELECTED}
      focus="digits"
      step={0}
      select={() => undefined}
      colour={() => ''}
    />
  ),
};
