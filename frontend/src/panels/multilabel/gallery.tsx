/** Pictures of this panel without a server. */
import { useState } from 'preact/hooks';
import { categorical, css } from '../../charts/colour';
import { multilabelOf } from '../../math/multilabel.fixture';
import { random } from '../../math/random.fixture';
import type { Series } from '../../panel';
import type { Multilabel as Payload } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { Multilabel } from './Multilabel';
import { Together } from './Together';

const NAMES = ['cat', 'dog', '<b>fox</b>', 'שלום', 'a label that is much longer than there is room for', 'emu', 'gnu', 'owl'];
const STEPS = [100, 200, 300, 400];

interface StageProps {
  readonly n?: number;
  readonly names?: readonly string[];
  readonly selected?: Partial<Selection>;
  readonly width?: number;
  readonly weighted?: boolean;
  readonly change?: (payload: Payload) => Payload;
}

/** Labels of which later ones are rarer, told better with every step; the first is taken for the second. */
function made(training: string, step: number, { n = 400, names = NAMES, weighted = false, change = (p) => p }: StageProps): Payload {
  const [next, chance] = [random(11), random(step + training.length)];
  const truth = Array.from({ length: n }, () => names.map((_, k) => next() < 0.55 / (1 + (k % 8))));
  const rate = (training === 'slow' ? 1.8 : 1) * (0.03 + 12 / step);
  const told = truth.map((row) => {
    const isSwapped = row[0] === true && row[1] !== true && chance() < 2.5 * rate;
    return row.map((is, k) => (isSwapped && k < 2 ? k === 1 : chance() < rate * (k === 2 ? 3 : 1) * (is ? 1 : 0.35) ? !is : is));
  });
  const weight = weighted ? truth.map((_, i) => (i % 4) / 2) : undefined;
  return change(multilabelOf(truth, told, names.length, weight));
}

function series<K extends 'multilabel' | 'classes'>(training: string, kind: K, tag: string, points: Series<K>['points']): Series<K> {
  return {
    training,
    run: `${training}/layerscope`,
    tag,
    kind,
    version: 1,
    evaluation: 'validation',
    name: null,
    split: null,
    lastStep: 400,
    lastWallTime: 1.7e9,
    points,
    problems: [],
  };
}

/** The panels with a selection that works. */
function Stage(props: StageProps) {
  const { selected = {}, width = 1240, names = NAMES } = props;
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const [all] = useState(() => {
    const trainings = ['scenes', ...(selected.reference === undefined ? [] : ['slow'])];
    return {
      multilabel: trainings.map((training) =>
        series(
          training,
          'multilabel',
          'validation/multilabel',
          STEPS.map((step) => ({ step, wallTime: 1.7e9, payload: made(training, step, props) })),
        ),
      ),
      classes: trainings.map((training) =>
        series(training, 'classes', 'classes/names', [
          {
            step: 0,
            wallTime: 1.7e9,
            payload: { kind: 'classes' as const, labels: names, parents: null, task: 'multilabel' as const, positive: null, ignored: null },
          },
        ]),
      ),
    };
  });
  const panel = {
    series: all,
    selection,
    focus: 'scenes',
    step: selection.step ?? 400,
    select: (change: Partial<Selection>) => setSelection((old) => ({ ...old, ...change })),
    colour: (training: string) => css(categorical(training === 'scenes' ? 0 : 1)),
  };
  return (
    <div style={{ width: `${width}px`, maxWidth: '100%' }}>
      <div class="ls-view ls-view-two" data-view="predictions">
        <div class="ls-view-main">
          <Multilabel {...panel} />
        </div>
        <div class="ls-view-side">
          <Together {...panel} />
        </div>
      </div>
    </div>
  );
}

export const fixtures = {
  labels: () => <Stage />,
  one: () => <Stage selected={{ classes: [2] }} />,
  reference: () => <Stage selected={{ reference: 'slow' }} />,
  many: () => <Stage n={40} names={Array.from({ length: 200 }, (_, k) => `label ${k}`)} />,
  nothing: () => <Stage n={0} />,
  few: () => <Stage n={5} names={['yes', 'no', 'never']} selected={{ classes: [2] }} />,
  weighted: () => <Stage weighted />,
  'left-out': () => (
    <Stage
      selected={{ classes: [1] }}
      change={(payload) => ({
        ...payload,
        dropped: { masked: 12 },
        reasons: { 'score not finite': 2 },
        unknown: Int32Array.from(payload.unknown, (_, k) => (k === 1 ? 5 : 0)),
        left_out: Int32Array.from(payload.left_out, (_, k) => (k === 1 ? 2 : 0)),
        declared_size: payload.samples + 20,
      })}
    />
  ),
  narrow: () => <Stage width={380} selected={{ classes: [0] }} />,
};
