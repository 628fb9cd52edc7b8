/** Pictures of this panel without a server: a dense layer, a convolution, blocks, what broke, nothing. */
import { useMemo, useState } from 'preact/hooks';
import { Answers } from '../../frame/answers';
import { recordOf, type Told } from '../../math/weight_cells.fixture';
import { MemorySource } from '../../memory.fixture';
import type { Point, SeriesInfo } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import type { Source } from '../../source';
import { noise } from '../scalars/scalars.fixture';
import { Builder } from '../structure/fixtures/build';
import { series } from '../structure/gallery';
import { Values } from './Values';

interface StageProps {
  /** What each parameter of the one layer holds at each moment. */
  readonly moments: readonly (readonly Told[])[];
  readonly selected?: Partial<Selection>;
  readonly isLogged?: boolean;
  readonly width?: number;
  readonly digest?: string;
}

const INFO: SeriesInfo = {
  training: 'run-1',
  run: 'run-1/layerscope',
  tag: 'weight_values',
  kind: 'weight_values',
  version: 1,
  evaluation: null,
  name: null,
  split: null,
  lastStep: 0,
  lastWallTime: 0,
};
const STEPS = 100;

function Stage({ moments, selected = {}, isLogged = true, width = 380, digest }: StageProps) {
  const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, layer: 'layer', ...selected });
  const built = useMemo(() => {
    const b = new Builder('model');
    const shapes = moments[0]?.map(({ shape }) => [...shape]) ?? [];
    b.add('Layer', 'layer', {
      outputs: [[-1, 8]],
      weights: Object.fromEntries(shapes.map((shape, i) => [['kernel', 'bias'][i] ?? `w${i}`, shape])),
    });
    b.add('Dropout', 'dropout', { from: [0], outputs: [[-1, 8]] });
    return b.build();
  }, [moments]);
  const source = useMemo((): Source => {
    const points = moments.map(
      (told, m): Point<'weight_values'> => ({
        step: m * STEPS,
        wallTime: 1.7e9 + m,
        payload: { ...recordOf(told), parameters: digest ?? built.structure.parameters },
      }),
    );
    return Object.assign(new MemorySource([]), {
      parameters: () => Promise.resolve({ points: { weight_values: points }, raw: [], problems: [], steps: null, writer: null }),
    });
  }, [moments, built]);
  const step = selection.step ?? (moments.length - 1) * STEPS;
  return (
    <Answers.Provider value={source}>
      <div style={{ width: `${width}px` }}>
        <Values
          series={series(built)}
          asked={isLogged ? [INFO] : []}
          selection={selection}
          focus="run-1"
          step={step}
          select={(change) => setSelection((old) => ({ ...old, ...change }))}
          colour={() => 'currentcolor'}
        />
      </div>
    </Answers.Provider>
  );
}

function many(count: number, seed: number, scale = 0.1): readonly number[] {
  const random = noise(seed);
  return Array.from({ length: count }, () => 2 * scale * (random() + random() + random()));
}

function dense(rows: number, columns: number, moment: number): readonly Told[] {
  const start = many(rows * columns, 3);
  // Each moment adds to some columns alone, the same ones.
  const values = start.map((x, k) => x + (k % columns < columns / 4 ? 0.05 * moment * Math.sin(k) : 0));
  const singular = Array.from({ length: Math.min(rows, columns) }, (_, k) => 2 * 0.9 ** k);
  return [
    { shape: [rows, columns], values, axes: 'in,out', singular },
    { shape: [columns], values: many(columns, 5 + moment, 0.02), axes: 'out' },
  ];
}

function convolution(moment: number): readonly Told[] {
  return [
    { shape: [5, 5, 3, 16], values: many(5 * 5 * 3 * 16, 9).map((x, k) => x + 0.02 * moment * Math.cos(k)), axes: 'height,width,in,out' },
    { shape: [16], values: many(16, 2), axes: 'out' },
  ];
}

function blocks(): readonly Told[] {
  const values = many(64 * 80, 4);
  return [
    {
      shape: [4096, 2560],
      values,
      axes: 'in,out',
      kept: 'blocks',
      rows: 64,
      columns: 80,
      low: values.map((x) => x - 0.1),
      high: values.map((x) => x + 0.1),
    },
    { shape: [2560], values: many(128, 1), axes: 'out', kept: 'sample', rows: 1, columns: 128 },
  ];
}

const DENSE = [0, 1, 2].map((moment) => dense(64, 32, moment));
const SMALL = [dense(4, 6, 0)];
const CONVOLUTION = [0, 1].map(convolution);
const BLOCKS = [blocks()];
const BROKEN = [
  [
    {
      shape: [8, 8],
      values: many(64, 7).map((x, k) => (k % 9 === 0 ? Number.NaN : k === 5 ? Number.POSITIVE_INFINITY : x)),
      axes: 'in,out',
    },
    { shape: [8], values: Array(8).fill(0), axes: 'out' },
  ],
];
const NONE = [[{ shape: [2, 2], values: [], axes: '', kept: 'none' as const, rows: 0, columns: 0 }]];

export const fixtures = {
  dense: () => <Stage moments={DENSE} />,
  small: () => <Stage moments={SMALL} />,
  change: () => <Stage moments={DENSE} selected={{ options: { 'values.since': 'first' } }} />,
  'first-change': () => <Stage moments={DENSE} selected={{ step: 0, options: { 'values.since': 'before' } }} />,
  convolution: () => <Stage moments={CONVOLUTION} />,
  blocks: () => <Stage moments={BLOCKS} />,
  broken: () => <Stage moments={BROKEN} />,
  none: () => <Stage moments={NONE} />,
  narrow: () => <Stage moments={DENSE} width={200} />,
  'not-logged': () => <Stage moments={DENSE} isLogged={false} />,
  'no-layer': () => <Stage moments={DENSE} selected={{ layer: null }} />,
  'no-parameters': () => <Stage moments={DENSE} selected={{ layer: 'dropout' }} />,
  'other-structure': () => <Stage moments={DENSE} digest="another" />,
};
