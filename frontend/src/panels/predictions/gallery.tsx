/** Pictures of this panel without a server: pictures, texts, features, nothing to look at, and a great many samples. */
import { useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import type { SeriesInfo } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { Predictions } from './Predictions';
import { classesSeries, info, type Made, made, SampleSource } from './samples.fixture';

interface StageProps {
  readonly made: Made;
  readonly source?: SampleSource;
  readonly selected?: Partial<Selection>;
  readonly asked?: readonly SeriesInfo[];
  /** What another training predicts of the samples. */
  readonly there?: readonly number[];
}

/** The panel over some samples. */
export function Stage({ made, source: given, selected = {}, asked, there }: StageProps) {
  const [source] = useState(() => given ?? new SampleSource(made, there));
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const last = made.steps.at(-1) ?? 0;
  const told = [
    ...(there === undefined ? [] : [{ ...info('predictions', 'validation/predictions', last), training: 'baseline', run: 'baseline' }]),
    info('predictions', 'validation/predictions', last),
    ...(made.examples.size === 0 ? [] : [info('examples', 'validation/examples', last)]),
  ];
  return (
    <Answers.Provider value={source}>
      <Predictions
        series={{ classes: [classesSeries(made.labels)] }}
        asked={asked ?? told}
        selection={selection}
        focus="run"
        step={selection.step ?? last}
        select={(change) => setSelection((old) => ({ ...old, ...change }))}
        colour={(training) => (training === 'baseline' ? '#0077bb' : '#f57c00')}
      />
    </Answers.Provider>
  );
}

const DIGITS = Array.from({ length: 10 }, (_, k) => String(k));

/** A bitmap of eight by eight pixels: browsers look at what an image is, not at its name. */
export function picture(i: number): Uint8Array<ArrayBuffer> {
  const [head, size] = [54, 8];
  const content = new Uint8Array(head + 3 * size * size);
  const view = new DataView(content.buffer);
  content.set([0x42, 0x4d]);
  view.setUint32(2, content.length, true);
  view.setUint32(10, head, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, size, true);
  view.setInt32(22, size, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let at = head; at < content.length; at++) {
    const [x, y] = [Math.floor((at - head) / 3) % size, Math.floor((at - head) / 3 / size)];
    const near = Math.abs(Math.hypot(x - 3.5, y - 3.5) - 1.2 - ((i * 7) % 5) / 2.5);
    content[at] = Math.min(255, Math.round(20 + 150 * near));
  }
  return content;
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

function floats(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export const digits = made(DIGITS, 400, 8, (i) => (i % 4 === 3 ? undefined : { media: 'image/png', content: picture(i) }));

const TEXTS = [
  'The plot goes nowhere, <b>slowly</b>, and then it ends.',
  'A quiet marvel: every scene earns its place, and the last one stays with you for days after you have left the cinema.',
  'שלום, זה סרט טוב',
  'ok',
  '<img src=x onerror=alert(1)>',
];

export const texts = made(['negative', 'positive'], 120, 5, (i) => ({
  media: 'text/plain',
  content: bytes(TEXTS[i % TEXTS.length] ?? ''),
}));

const FEATURES = ['sepal length', 'sepal width', 'petal length', 'petal width'];
export const flowers = made(
  ['setosa', 'versicolor', 'virginica'],
  150,
  5,
  (i) => ({ media: 'features', content: floats(5 + (i % 7) / 5, 3.1, 1.4 + (i % 40) / 10, 0.2) }),
  FEATURES,
);

export const thousand = made(
  Array.from({ length: 1000 }, (_, k) => `class of things ${k}`),
  20_000,
  4,
);

/** A model that predicts what the first evaluation did: worse than the last one, and otherwise. */
export const baseline = digits.predicted[2] ?? [];

export const fixtures = {
  against: () => (
    <Stage made={digits} there={baseline} selected={{ options: { 'predictions.outcome': 'differ', 'predictions.looks': 'rows' } }} />
  ),
  'against-all': () => <Stage made={digits} there={baseline} />,
  'against-as-pictures': () => (
    <Stage made={digits} there={baseline} selected={{ classes: [9], options: { 'predictions.outcome': 'only_this_right' } }} />
  ),
  'a-disagreement': () => <Stage made={digits} there={baseline} selected={{ options: { 'predictions.agreement': '3,4' } }} />,
  'a-sample-in-both': () => <Stage made={digits} there={baseline} selected={{ sample: 'val/00012.png' }} />,
  errors: () => <Stage made={digits} />,
  cell: () => <Stage made={digits} selected={{ classes: [9, 6] }} />,
  class: () => <Stage made={digits} selected={{ classes: [9] }} />,
  rows: () => <Stage made={digits} selected={{ options: { 'predictions.looks': 'rows', 'predictions.outcome': 'any' } }} />,
  'newly-wrong': () => <Stage made={digits} selected={{ options: { 'predictions.outcome': 'newly_wrong' } }} />,
  sample: () => <Stage made={digits} selected={{ sample: 'val/00012.png' }} />,
  texts: () => <Stage made={texts} />,
  'texts-at-a-threshold': () => <Stage made={texts} selected={{ classes: [0, 1], threshold: 0.7 }} />,
  'no-such-sample': () => <Stage made={digits} selected={{ sample: 'val/99999.png' }} />,
  'text-sample': () => <Stage made={texts} selected={{ sample: 'val/00004.png' }} />,
  features: () => <Stage made={flowers} />,
  'thousand-classes': () => <Stage made={thousand} />,
  'none-matches': () => <Stage made={digits} selected={{ classes: [0, 0], options: { 'predictions.outcome': 'newly_wrong' } }} />,
  'one-evaluation': () => <Stage made={made(DIGITS, 30, 1)} />,
  'before-the-first': () => <Stage made={digits} selected={{ step: 10 }} />,
  'not-logged': () => <Stage made={digits} asked={[info('confusion_matrix', 'validation/confusion_matrix', 50)]} />,
};
