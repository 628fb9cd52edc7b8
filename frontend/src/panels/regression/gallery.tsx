/** Pictures of this panel without a server. */
import { useState } from 'preact/hooks';
import { categorical, css } from '../../charts/colour';
import { normal, random } from '../../math/random.fixture';
import { type Made, regressionOf } from '../../math/regression.fixture';
import type { Series } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { Largest } from './Largest';
import { Regression } from './Regression';

const STEPS = [100, 200, 300, 400, 500, 600];

interface StageProps {
  readonly n?: number;
  readonly targets?: readonly string[];
  readonly steps?: readonly number[];
  readonly selected?: Partial<Selection>;
  readonly width?: number;
  /** Changes what is predicted of a sample. */
  readonly odd?: (predicted: number, i: number) => number;
  readonly truth?: (t: number, k: number) => number;
  readonly made?: (made: Made, training: string) => Made;
}

/** Predictions that come nearer to the truths with every step, too low for large ones. */
function made(
  training: string,
  step: number,
  { n = 2000, targets = [''], odd = (p) => p, truth = (t) => 20 + 8 * t, made: then = (m) => m }: StageProps,
): Made {
  const next = random(41);
  const noise = random(step + training.length);
  const size = (training === 'slow' ? 1.6 : 1) * (0.15 + 60 / step);
  const truths = targets.map((_, k) => Array.from({ length: n }, () => truth(normal(next), k)));
  const scale = truths.map((t) => Math.sqrt(t.reduce((sum, x) => sum + (x - (t[0] ?? 0)) ** 2, 0) / n) || 1);
  const predicted = truths.map((its, k) => {
    const middle = its.reduce((sum, t) => sum + t, 0) / n;
    return its.map((t, i) => odd(t - (t > middle ? 20 / step : 0) * (t - middle) + (scale[k] ?? 1) * size * 0.5 * normal(noise), i));
  });
  const ends = truths.map((its): readonly [number, number] => {
    const sorted = its.toSorted((a, b) => a - b);
    const [low, high] = [sorted[Math.floor(n * 0.005)] ?? 0, sorted[Math.ceil(n * 0.995) - 1] ?? 1];
    return low < high ? [low, high] : [low - 1, low + 1];
  });
  return then(
    {
      truth: truths,
      predicted,
      targets,
      ends,
      ids: Array.from({ length: n }, (_, i) => `sample-${String(i).padStart(4, '0')}.png`),
    },
    training,
  );
}

function seriesOf(training: string, props: StageProps): Series<'regression'> {
  const steps = props.steps ?? STEPS;
  return {
    training,
    run: `${training}/layerscope`,
    tag: 'validation/regression',
    kind: 'regression',
    version: 1,
    evaluation: 'validation',
    name: null,
    split: null,
    lastStep: steps.at(-1) ?? 0,
    lastWallTime: 1.7e9,
    points: steps.map((step) => ({ step, wallTime: 1.7e9, payload: regressionOf(made(training, step, props)) })),
    problems: [],
  };
}

/** The panels with a selection that works. */
function Stage(props: StageProps) {
  const { selected = {}, width = 1240 } = props;
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const [series] = useState(() =>
    ['houses', ...(selected.reference === undefined ? [] : ['slow'])].map((training) => seriesOf(training, props)),
  );
  const panel = {
    series: { regression: series },
    selection,
    focus: 'houses',
    step: selection.step ?? 600,
    select: (change: Partial<Selection>) => setSelection((old) => ({ ...old, ...change })),
    colour: (training: string) => css(categorical(training === 'houses' ? 0 : 1)),
  };
  return (
    <div style={{ width: `${width}px`, maxWidth: '100%' }}>
      <div class="ls-view ls-view-two" data-view="predictions">
        <div class="ls-view-main">
          <Regression {...panel} />
        </div>
        <div class="ls-view-side">
          <Largest {...panel} />
        </div>
      </div>
    </div>
  );
}

export const fixtures = {
  one: () => <Stage />,
  named: () => <Stage targets={['price in 1,000 €']} selected={{ sample: 'sample-0007.png' }} />,
  three: () => (
    <Stage
      n={600}
      targets={['length', '<b>width</b>', 'שלום']}
      selected={{ options: { 'regression.target': '1' } }}
      truth={(t, k) => 10 ** k * (5 + t)}
    />
  ),
  many: () => <Stage targets={Array.from({ length: 12 }, (_, k) => `angle of joint ${k}`)} n={200} steps={[600]} />,
  reference: () => <Stage selected={{ reference: 'slow', options: { 'regression.beside': '200' } }} />,
  'other-bins': () => (
    <Stage
      n={300}
      selected={{ reference: 'slow' }}
      made={(m, training) =>
        training === 'slow' ? { ...m, ends: (m.ends ?? []).map(([low, high]): readonly [number, number] => [low - 1, high + 1]) } : m
      }
    />
  ),
  outliers: () => <Stage odd={(p, i) => (i % 500 === 3 ? 1e9 : p)} />,
  'not-finite': () => (
    <Stage n={400} odd={(p, i) => (i % 4 === 0 ? Number.NaN : p)} made={(m) => ({ ...m, dropped: { 'prediction not finite': 100 } })} />
  ),
  nothing: () => <Stage n={0} />,
  dropped: () => <Stage n={50} odd={() => Number.NaN} made={(m) => ({ ...m, dropped: { 'prediction not finite': 50 } })} />,
  constant: () => <Stage n={60} truth={() => 4} odd={(_, i) => 4 + 0.1 * Math.sin(i)} />,
  perfect: () => <Stage n={60} odd={(p) => p} made={(m) => ({ ...m, predicted: m.truth })} />,
  two: () => <Stage n={2} steps={[600]} />,
  'far-from-zero': () => <Stage truth={(t) => 1e6 + 0.01 * t} />,
  'one-step': () => <Stage steps={[600]} n={300} />,
  weighted: () => <Stage n={500} made={(m) => ({ ...m, weight: (m.truth[0] ?? []).map((_, i) => (i % 5) / 2) })} />,
  narrow: () => <Stage width={380} />,
};
