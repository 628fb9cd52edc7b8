/** Pictures of this panel without a server. */
import { useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { picture } from '../predictions/gallery';
import { info } from '../predictions/samples.fixture';
import { NumberPredictions } from './NumberPredictions';
import { type Made, made, NumberSource, series } from './numbers.fixture';

interface StageProps {
  readonly made: Made;
  readonly source?: NumberSource;
  readonly selected?: Partial<Selection>;
}

/** The panel over some samples. */
export function Stage({ made: its, source: given, selected = {} }: StageProps) {
  const [source] = useState(() => given ?? new NumberSource(its));
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const last = its.steps.at(-1) ?? 0;
  return (
    <Answers.Provider value={source}>
      <NumberPredictions
        series={{ number_predictions: [] }}
        asked={[series(last), ...(its.examples.size === 0 ? [] : [info('examples', 'validation/examples', last)])]}
        selection={selection}
        focus="run"
        step={selection.step ?? last}
        select={(change) => setSelection((old) => ({ ...old, ...change }))}
        colour={() => '#f57c00'}
      />
    </Answers.Provider>
  );
}

export const prices = made([''], 400, 8, (i) => (i % 4 === 3 ? undefined : { media: 'image/png', content: picture(i) }));
export const sizes = made(['length', '<b>width</b>', 'a target with a name that is far too long for a heading'], 120, 5);

/** The cell of the first sample, at the last evaluation. */
const [truth = 0] = prices.truth[0] ?? [];
const [predicted = 0] = prices.predicted.at(-1)?.[0] ?? [];
export const cell = `${1 + Math.floor(truth)},${1 + Math.floor(predicted)}`;

export const fixtures = {
  all: () => <Stage made={prices} />,
  cell: () => <Stage made={prices} selected={{ options: { 'number_predictions.cell': cell } }} />,
  'empty-cell': () => <Stage made={prices} selected={{ options: { 'number_predictions.cell': '1,60' } }} />,
  sample: () => <Stage made={prices} selected={{ sample: 'val/00012.png' }} />,
  'no-such-sample': () => <Stage made={prices} selected={{ sample: 'val/99999.png' }} />,
  'several-targets': () => <Stage made={sizes} selected={{ options: { 'regression.target': '1' } }} />,
  'sample-of-several-targets': () => <Stage made={sizes} selected={{ sample: 'val/00012.png', options: { 'regression.target': '2' } }} />,
  'one-evaluation': () => <Stage made={made([''], 5, 1)} selected={{ sample: 'val/00002.png' }} />,
};
