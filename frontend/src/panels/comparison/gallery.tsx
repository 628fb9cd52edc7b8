/** Pictures of this panel without a server: few and many classes, other classes there, and nothing in common. */
import { useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import type { SeriesInfo } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { classesSeries, info } from '../predictions/samples.fixture';
import { ComparisonPanel } from './ComparisonPanel';
import { type Two, TwoSource, two } from './comparison.fixture';

interface StageProps {
  readonly made: Two;
  readonly asked?: readonly SeriesInfo[];
  readonly selected?: Partial<Selection>;
  readonly onSelect?: (change: Partial<Selection>) => void;
}

export const HERE = info('predictions', 'validation/predictions', 50);
export const THERE: SeriesInfo = { ...HERE, training: 'baseline', run: 'baseline' };

/** The panel over two models. */
export function Stage({ made, asked = [HERE, THERE], selected = {}, onSelect }: StageProps) {
  const [source] = useState(() => new TwoSource(made));
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  return (
    <Answers.Provider value={source}>
      <ComparisonPanel
        series={{ classes: [classesSeries(made.labels)] }}
        asked={asked}
        selection={selection}
        focus="run"
        step={50}
        select={(change) => {
          onSelect?.(change);
          setSelection((old) => ({ ...old, ...change }));
        }}
        colour={() => '#f57c00'}
      />
    </Answers.Provider>
  );
}

const DIGITS = Array.from({ length: 10 }, (_, k) => String(k));
export const digits = two(DIGITS, 1200, [0.88, 0.82], 8);
const even = two(['cat', '<b>dog</b>', 'שלום', 'a class with a name that is far too long to stand in a corner'], 90, [0.8, 0.8]);
const reference = { reference: 'baseline' };

/** What is asked about of a training of another task, and of its reference. */
export function single(kind: 'label_predictions' | 'number_predictions'): readonly SeriesInfo[] {
  const table = kind === 'label_predictions' ? 'multilabel' : 'regression';
  return [HERE, THERE].flatMap((each) => [kind, table].map((of) => ({ ...each, kind: of, tag: `validation/${of}` })));
}

export const fixtures = {
  digits: () => <Stage made={digits} selected={reference} />,
  chosen: () => <Stage made={digits} selected={{ ...reference, options: { 'predictions.agreement': '9,8' } }} />,
  'a-class-chosen': () => (
    <Stage made={digits} selected={{ ...reference, classes: [8], options: { 'predictions.outcome': 'only_this_right' } }} />
  ),
  'no-clear-difference': () => <Stage made={even} selected={reference} />,
  'other-classes-there': () => (
    <Stage
      made={{
        ...even,
        there: even.there.map((id, i) => (i % 9 === 0 ? 5 : id)),
        more: { others: ['emu <i>'], only_this: 30, truth_unknown: 4 },
      }}
      selected={reference}
    />
  ),
  'without-ids': () => (
    <Stage made={{ ...even, more: { matched_by: 'number', weighted: true, truth_differs: 40, only_other: 7 } }} selected={reference} />
  ),
  'thousand-classes': () => (
    <Stage
      made={two(
        Array.from({ length: 1000 }, (_, k) => `class of things ${k}`),
        20_000,
        [0.7, 0.6],
        8,
      )}
      selected={reference}
    />
  ),
  'the-same-everywhere': () => <Stage made={{ ...even, there: even.here }} selected={reference} />,
  'nothing-in-common': () => (
    <Stage
      made={{
        ...even,
        truth: [],
        here: [],
        there: [],
        more: { only_this: 90, only_other: 80, p: null, difference: null, difference_low: null, difference_high: null, kappa: null },
      }}
      selected={reference}
    />
  ),
  'not-logged-there': () => (
    <Stage made={even} asked={[HERE, { ...THERE, kind: 'confusion_matrix', tag: 'validation/confusion_matrix' }]} selected={reference} />
  ),
  labels: () => (
    <Stage made={{ ...even, labels: ['cat', '<b>dog</b>', 'שלום'] }} asked={single('label_predictions')} selected={reference} />
  ),
  numbers: () => <Stage made={even} asked={single('number_predictions')} selected={reference} />,
  'no-such-evaluation-there': () => <Stage made={even} asked={[HERE]} selected={reference} />,
};
