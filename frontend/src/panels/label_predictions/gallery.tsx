/** Pictures of this panel without a server. */
import { useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { picture } from '../predictions/gallery';
import { classesSeries, info } from '../predictions/samples.fixture';
import { LabelPredictions } from './LabelPredictions';
import { LabelSource, type Made, made } from './labels.fixture';

interface StageProps {
  readonly made: Made;
  readonly source?: LabelSource;
  readonly selected?: Partial<Selection>;
}

/** The panel over some samples. */
export function Stage({ made: its, source: given, selected = {} }: StageProps) {
  const [source] = useState(() => given ?? new LabelSource(its));
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const last = its.steps.at(-1) ?? 0;
  return (
    <Answers.Provider value={source}>
      <LabelPredictions
        series={{ classes: [classesSeries(its.labels)] }}
        asked={[
          info('label_predictions', 'validation/label_predictions', last),
          ...(its.examples.size === 0 ? [] : [info('examples', 'validation/examples', last)]),
        ]}
        selection={selection}
        focus="run"
        step={selection.step ?? last}
        select={(change) => setSelection((old) => ({ ...old, ...change }))}
        colour={() => '#f57c00'}
      />
    </Answers.Provider>
  );
}

const NAMES = ['sky', 'sea', 'tree', '<b>car</b>', 'שלום', 'a label with a name that is far too long for a row'];
export const scenes = made(NAMES, 300, 8, (i) => (i % 4 === 3 ? undefined : { media: 'image/png', content: picture(i) }));
export const many = made(
  Array.from({ length: 80 }, (_, k) => `label of things ${k}`),
  120,
  50,
);

export const fixtures = {
  wrong: () => <Stage made={scenes} />,
  label: () => <Stage made={scenes} selected={{ classes: [1] }} />,
  missed: () => <Stage made={scenes} selected={{ classes: [1], options: { 'label_predictions.became': 'missed' } }} />,
  pair: () => <Stage made={scenes} selected={{ classes: [1, 2] }} />,
  'both-missed': () => <Stage made={scenes} selected={{ classes: [1, 2], options: { 'label_predictions.pair': 'missed' } }} />,
  right: () => <Stage made={scenes} selected={{ options: { 'label_predictions.outcome': 'right' } }} />,
  sample: () => <Stage made={scenes} selected={{ sample: 'val/00012.png' }} />,
  'no-such-sample': () => <Stage made={scenes} selected={{ sample: 'val/99999.png' }} />,
  many: () => <Stage made={many} />,
  'sample-of-many': () => <Stage made={many} selected={{ sample: 'val/00012.png' }} />,
};
