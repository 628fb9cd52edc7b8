/** Pictures of this panel without a server: ordinary, large and odd evaluations. */
import { useMemo, useState } from 'preact/hooks';
import { ClassOrders, Orders } from '../../frame/class_orders';
import { matrix } from '../../math/confusion.fixture';
import type { Point, Series, SeriesInfo } from '../../panel';
import type { Classes, ConfusionMatrix as Payload } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { ConfusionMatrix } from './ConfusionMatrix';
import { DIGITS, DIGITS_ORDER } from './digits.fixture';
import { MostConfused } from './MostConfused';

export function series(points: readonly Payload[], training = 'dense-64-64', every = 50): Series<'confusion_matrix'> {
  return {
    ...info(training, 'validation/confusion_matrix', 'validation', points.length * every),
    kind: 'confusion_matrix',
    points: points.map((payload, i): Point<'confusion_matrix'> => ({ step: (i + 1) * every, wallTime: 0, payload })),
    problems: [],
  };
}

export function classes(
  labels: readonly string[],
  training = 'dense-64-64',
  digest = 'fixture',
  parents: readonly number[] | null = null,
): Series<'classes'> {
  const payload: Classes = { kind: 'classes', labels, parents, task: 'multiclass', positive: null, ignored: null };
  return { ...info(training, `classes/${digest}`, null, 0), kind: 'classes', points: [{ step: 0, wallTime: 0, payload }], problems: [] };
}

function info(training: string, tag: string, evaluation: string | null, lastStep: number): SeriesInfo {
  return {
    training,
    run: `${training}/layerscope`,
    tag,
    kind: '',
    version: 1,
    evaluation,
    name: null,
    split: null,
    lastStep,
    lastWallTime: 0,
  };
}

interface StageProps {
  readonly matrices: readonly Series<'confusion_matrix'>[];
  readonly labels?: readonly Series<'classes'>[];
  readonly selected?: Partial<Selection>;
  readonly order?: readonly number[];
}

/** The panels beside each other, with a selection that works. */
function Stage({ matrices, labels = [], selected = {}, order }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
  const first = matrices[0];
  const orders = useMemo(
    () => (order === undefined ? null : new ClassOrders({ order: async () => ({ order, joins: joinsOf(order), classes: '' }) })),
    [order],
  );
  const props = {
    series: { confusion_matrix: matrices, classes: labels },
    selection,
    focus: first?.training ?? '',
    step: selection.step ?? Math.max(0, ...matrices.map((s) => s.lastStep)),
    select: (change: Partial<Selection>) => setSelection((old) => ({ ...old, ...change })),
    colour: (training: string) => (training === first?.training ? 'var(--ls-accent)' : 'var(--ls-live)'),
  };
  return (
    <Orders.Provider value={orders}>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: '20px 28px' }}>
        <div style={{ flex: '1 1 560px', minWidth: 0 }}>
          <ConfusionMatrix {...props} />
        </div>
        <MostConfused {...props} />
      </div>
    </Orders.Provider>
  );
}

/** Groups of five, as `grouped` plants them. */
const joinsOf = (order: readonly number[]) => order.slice(1).map((_, i) => (i % 5 === 4 ? 0.95 : 0.5));

const numbered = (n: number) => Array.from({ length: n }, (_, k) => String(k));
const NESTED = [-1, 0, 0, -1, 1, 3, -1, 1, 3, 3];
const digits = () => series(DIGITS.map((table) => matrix(table)));

/** A generator that gives the same numbers each time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Samples of `k` classes in groups that are taken for each other, `rate` of them right; the groups are scattered over the ids. */
export function grouped(k: number, samples: number, rate: number, seed: number): Payload {
  const next = random(seed);
  const group = 5;
  const scatter = scattered(k);
  const rows = Array.from({ length: k }, () => new Map<number, number>());
  for (let n = 0; n < samples; n++) {
    const place = Math.floor(next() * k);
    const near = Math.min(k - 1, Math.floor(place / group) * group + Math.floor(next() * group));
    const there = next() < rate ? place : next() < 0.85 ? near : Math.floor(next() * k);
    const row = rows[scatter[place] ?? 0];
    const column = scatter[there] ?? 0;
    row?.set(column, (row.get(column) ?? 0) + 1);
  }
  const sorted = [...rows, new Map<number, number>()].map((row) => [...row].sort(([a], [b]) => a - b));
  let end = 0;
  return {
    ...matrix([]),
    row_end: Int32Array.from(sorted, (row) => {
      end += row.length;
      return end;
    }),
    column: Int32Array.from(sorted.flat(), ([column]) => column),
    count: Int32Array.from(sorted.flat(), ([, n]) => n),
  };
}

/** Place in groups → class id. */
export function scattered(k: number): readonly number[] {
  const next = random(k);
  const ids = Array.from({ length: k }, (_, i) => i);
  for (let i = k - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [ids[i], ids[j]] = [ids[j] ?? 0, ids[i] ?? 0];
  }
  return ids;
}

const large = (k: number, samples: number, steps = 6, options: Selection['options'] = {}) => {
  const names = Array.from({ length: k }, (_, i) => (k === 100 ? String(i).padStart(2, '0') : `class ${String(i).padStart(4, '0')}`));
  const points = Array.from({ length: steps }, (_, i) => grouped(k, samples, 0.5 + (0.4 * (i + 1)) / steps, i + 1));
  return (
    <Stage
      matrices={[series(points, `grouped-${k}`)]}
      labels={[classes(names, `grouped-${k}`)]}
      order={scattered(k)}
      selected={{ options }}
    />
  );
};

const strange = ['<b>bold</b>', 'שלום עולם', '👩‍👩‍👧 family', 'line\nbreak', '', 'twice', 'twice', 'x'.repeat(10_000)];

export const fixtures = {
  digits: () => <Stage matrices={[digits()]} labels={[classes(numbered(10))]} order={DIGITS_ORDER} />,
  'digits-by-confusion': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10))]}
      order={DIGITS_ORDER}
      selected={{ classes: [8, 1], options: { 'confusion_matrix.order': 'confusion' } }}
    />
  ),
  'digits-all-counts': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10))]}
      selected={{ options: { 'confusion_matrix.normalise': 'count', 'confusion_matrix.shown': 'all' } }}
    />
  ),
  'with-reference': () => (
    <Stage
      matrices={[
        digits(),
        series(
          DIGITS.slice(0, 2).map((table) => matrix(table)),
          'dense-64-64-lr10',
        ),
      ]}
      labels={[classes(numbered(10)), classes(numbered(10), 'dense-64-64-lr10')]}
      selected={{ reference: 'dense-64-64-lr10' }}
    />
  ),
  'digits-lift': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10))]}
      selected={{ options: { 'confusion_matrix.normalise': 'lift', 'confusion_matrix.shown': 'all' } }}
    />
  ),
  'digits-log-all': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10))]}
      selected={{
        options: {
          'confusion_matrix.normalise': 'all',
          'confusion_matrix.shown': 'all',
          'confusion_matrix.scale': 'log',
          'confusion_matrix.axes': 'transposed',
        },
      }}
    />
  ),
  'digits-difference': () => (
    <Stage matrices={[digits()]} labels={[classes(numbered(10))]} selected={{ options: { 'confusion_matrix.against': 'step:50' } }} />
  ),
  'other-classes-difference': () => (
    <Stage
      matrices={[
        series([
          matrix([
            [40, 9, 1],
            [2, 45, 3],
            [0, 0, 0],
          ]),
        ]),
        series(
          [
            matrix([
              [30, 20],
              [10, 40],
            ]),
          ],
          'smaller',
        ),
      ]}
      labels={[classes(['cat', 'dog', 'horse']), classes(['dog', 'cat'], 'smaller')]}
      selected={{ reference: 'smaller', options: { 'confusion_matrix.against': 'reference' } }}
    />
  ),
  'digits-searched': () => (
    <Stage matrices={[digits()]} labels={[classes(numbered(10))]} selected={{ options: { 'confusion_matrix.find': '[1478]' } }} />
  ),
  'digits-given-groups': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10), 'dense-64-64', 'fixture', [-1, -1, -1, -1, 1, 3, -1, 1, 3, 3])]}
      selected={{ options: { 'confusion_matrix.groups': 'given', 'confusion_matrix.open': '1' } }}
    />
  ),
  // 0 has 1 and 2 in it, 1 has 4 and 7, 3 has 5, 8 and 9; 6 is by itself.
  'digits-nested-groups': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10), 'dense-64-64', 'fixture', NESTED)]}
      selected={{ options: { 'confusion_matrix.groups': 'given' } }}
    />
  ),
  'digits-searched-in-groups': () => (
    <Stage
      matrices={[digits()]}
      labels={[classes(numbered(10), 'dense-64-64', 'fixture', NESTED)]}
      selected={{ options: { 'confusion_matrix.groups': 'given', 'confusion_matrix.find': '4' } }}
    />
  ),
  '200-classes-groups': () => large(200, 10_000, 6, { 'confusion_matrix.groups': 'found' }),
  '200-classes-difference': () => large(200, 10_000, 6, { 'confusion_matrix.against': 'step:50' }),
  '1000-classes-difference': () => large(1000, 50_000, 6, { 'confusion_matrix.against': 'step:50' }),
  '1000-classes-groups': () => large(1000, 50_000, 6, { 'confusion_matrix.groups': 'found' }),
  '47-classes': () => large(47, 4000),
  '100-classes': () => large(100, 1800),
  '200-classes': () => large(200, 10_000),
  '1000-classes': () => large(1000, 50_000),
  'two-classes': () => (
    <Stage
      matrices={[
        series([
          matrix([
            [50, 28],
            [2, 50],
          ]),
        ]),
      ]}
      labels={[classes(['cat', 'dog'])]}
    />
  ),
  'one-class': () => <Stage matrices={[series([matrix([[12]])])]} labels={[classes(['only'])]} />,
  'few-and-many': () => (
    <Stage
      matrices={[
        series([
          matrix([
            [3, 3, 0],
            [0, 3000, 3000],
            [0, 0, 0],
          ]),
        ]),
      ]}
      labels={[classes(['3 of 6', '3 000 of 6 000', 'none'])]}
      selected={{ options: { 'confusion_matrix.shown': 'all' } }}
    />
  ),
  'unknown-and-abstained': () => (
    <Stage
      matrices={[
        series([
          matrix(
            [
              [30, 1, 0, 4],
              [2, 25, 0, 1],
              [1, 3, 0, 0],
              [5, 1, 0, 2],
            ],
            { dropped: { 'bad label': 3, 'NaN score': 1 }, declaredSize: 100 },
            true,
          ),
        ]),
      ]}
      labels={[classes(['setosa', 'versicolor', 'virginica'])]}
    />
  ),
  weighted: () => (
    <Stage
      matrices={[
        series([
          matrix(
            [
              [2, 1],
              [0, 40],
            ],
            {
              weights: [
                [3, 1.5],
                [0, 20.25],
              ],
              squares: [6.5, 11, 0],
            },
          ),
        ]),
      ]}
      labels={[classes(['rare', 'common'])]}
    />
  ),
  billions: () => (
    <Stage
      matrices={[
        series([
          matrix([
            [3_000_000_001, 1_200_000],
            [20, 4_000_000_003],
          ]),
        ]),
      ]}
      labels={[classes(['negative', 'positive'])]}
      selected={{ options: { 'confusion_matrix.normalise': 'count' } }}
    />
  ),
  'strange-names': () => (
    <Stage
      matrices={[series([matrix(strange.map((_, i) => strange.map((_, j) => (i === j ? 20 : (i * 7 + j * 3) % 4))))])]}
      labels={[classes(strange)]}
    />
  ),
  empty: () => (
    <Stage
      matrices={[
        series([
          matrix([
            [0, 0],
            [0, 0],
          ]),
        ]),
      ]}
      labels={[classes(['a', 'b'])]}
    />
  ),
  'no-labels': () => (
    <Stage
      matrices={[
        series([
          matrix([
            [5, 1, 0],
            [2, 7, 0],
            [0, 1, 9],
          ]),
        ]),
      ]}
    />
  ),
  'nothing-logged': () => <Stage matrices={[series([])]} />,
};
