/** The model view on built models, for the gallery. */
import type { VNode } from 'preact';
import '../../frame/view.css';
import { useState } from 'preact/hooks';
import { axisSeries, type Told, tensorSeries } from '../../math/tensor_stats.fixture';
import type { PanelProps, Series } from '../../panel';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import { Differences } from './Differences';
import { Builder, type Built } from './fixtures/build';
import { chain, digits, oddNames, otherDigits, resnet50, siamese, subclassed, transformer, twoTowers, unet } from './fixtures/models';
import { LayerDetails } from './LayerDetails';
import { Structure } from './Structure';

export function series(
  { structure, parameters }: Built,
  training = 'run-1',
): PanelProps<'structure' | 'parameters' | 'tensor_stats' | 'activity'>['series'] {
  const info = {
    training,
    run: `${training}/layerscope`,
    version: 1,
    evaluation: null,
    name: null,
    split: null,
    lastStep: 0,
    lastWallTime: 0,
    problems: [],
  };
  const structures: Series<'structure'> = {
    ...info,
    kind: 'structure',
    tag: 'structure',
    points: [{ step: 0, wallTime: 0, payload: structure }],
  };
  const arrays: Series<'parameters'> = {
    ...info,
    kind: 'parameters',
    // As the server's answer has them.
    tag: '',
    points: [{ step: 0, wallTime: 0, payload: parameters }],
  };
  return { structure: [structures], parameters: [arrays], tensor_stats: [], activity: [] };
}

/** The same model trained: most updates small, some rows odd by the paths of their parameters. */
export function trained(built: Built, steps = 40): PanelProps<'structure' | 'parameters' | 'tensor_stats' | 'activity'>['series'] {
  const { parameters } = built.parameters;
  const value = (statistic: string, p: number, step: number) => {
    const { path = '', role } = parameters[p] ?? {};
    if (statistic === 'weight_sum_squares') return 4 + (p % 5);
    if (role === 'frozen') return Number.NaN;
    if (statistic === 'gradient_sum_squares' && step === steps - 1 && /block2_2_conv\/kernel|dense_1\/kernel/.test(path))
      return Number.POSITIVE_INFINITY;
    return (10 ** -(2 + (p % 7) / 2)) ** 2 * 4 * (1 + step / steps);
  };
  const told: Told = {
    step: Array.from({ length: steps }, (_, i) => i),
    statistics: ['weight_sum_squares', 'gradient_sum_squares', 'update_sum_squares'],
    parameters: parameters.length,
    value,
  };
  const given = series(built);
  return {
    ...given,
    parameters: [...given.parameters, axisSeries(built.parameters, 'd', 'run-1')],
    tensor_stats: [tensorSeries('tensor_stats/norms', [told], 'run-1')],
  };
}

interface StageProps {
  readonly built: Built;
  readonly start?: Partial<Selection>;
  readonly health?: boolean;
  /** The model of the reference. */
  readonly reference?: Built;
}

/** The series of two trainings, the one in focus first. */
export function beside(own: Built, other: Built): ReturnType<typeof series> {
  const [here, there] = [series(own), series(other, 'run-2')];
  return { ...here, structure: [...here.structure, ...there.structure], parameters: [...here.parameters, ...there.parameters] };
}

function Stage({ built, start = {}, health = false, reference }: StageProps) {
  const [selection, setSelection] = useState<Selection>({
    ...NOTHING_SELECTED,
    ...(reference === undefined ? {} : { reference: 'run-2' }),
    ...start,
  });
  const [given] = useState(() => (reference !== undefined ? beside(built, reference) : health ? trained(built) : series(built)));
  const props = {
    series: given,
    selection,
    focus: 'run-1',
    step: selection.step ?? 39,
    select: (change: Partial<Selection>) => setSelection((now) => ({ ...now, ...change })),
    colour: () => 'currentcolor',
  };
  return (
    <div class="ls-view-two" data-view="model">
      <div class="ls-view-main">
        <Structure {...props} />
      </div>
      <div class="ls-view-side">
        <LayerDetails {...props} />
      </div>
      <div class="ls-view-below">
        <Differences {...props} />
      </div>
    </div>
  );
}

function cyclic(): Built {
  const b = new Builder('loop');
  const a = b.add('Dense', 'a', { outputs: [[-1, 4]] });
  const c = b.add('Dense', 'c', { from: [b.add('Dense', 'b', { from: [a], outputs: [[-1, 4]] })], outputs: [[-1, 4]] });
  b.edge(c, a);
  return b.build();
}

const shows = (make: () => Built, start?: Partial<Selection>) => (): VNode => (
  <Stage built={make()} {...(start === undefined ? {} : { start })} />
);
const healthy =
  (make: () => Built, measure: string, start: Partial<Selection> = {}) =>
  (): VNode => <Stage built={make()} health start={{ ...start, options: { 'structure.colour': measure } }} />;

export const fixtures: Record<string, () => VNode> = {
  digits: shows(digits, { layer: 'dense' }),
  resnet50: shows(resnet50),
  'resnet50 block': shows(resnet50, { layer: 'conv4_block3_2_conv' }),
  'resnet50 class': shows(resnet50, { options: { 'structure.colour': 'class' } }),
  'resnet50 cost': shows(resnet50, { options: { 'structure.colour': 'cost' } }),
  'resnet50 right': shows(resnet50, { layer: 'conv4_block3_2_conv', options: { 'structure.direction': 'right' } }),
  'unet path': shows(unet, { layer: 'bottom_conv1', options: { 'structure.path': 'on' } }),
  'resnet50 table': shows(resnet50, { options: { 'structure.show': 'table' } }),
  'resnet50 updates': healthy(resnet50, 'update_ratio', { layer: 'conv4_block3_2_conv' }),
  'resnet50 gradients before': healthy(resnet50, 'gradient_norm', { step: 3 }),
  'digits updates': healthy(digits, 'update_ratio'),
  transformer: shows(transformer, { layer: 'dense_8' }),
  unet: shows(unet, { options: { 'structure.colour': 'trainable' } }),
  'two towers': shows(twoTowers),
  siamese: shows(siamese, { layer: 'encoder' }),
  subclassed: shows(subclassed),
  'digits against another': () => <Stage built={otherDigits()} reference={digits()} />,
  'resnet50 against itself': () => <Stage built={resnet50()} reference={resnet50()} />,
  'resnet50 against a transformer': () => <Stage built={resnet50()} reference={transformer()} />,
  'transformer against fewer blocks': () => <Stage built={transformer(14)} reference={transformer(12)} />,
  'one layer': shows(() => {
    const b = new Builder('one');
    b.add('Dense', 'dense');
    return b.build();
  }),
  empty: shows(() => new Builder('nothing').build()),
  'odd names': shows(oddNames),
  cycle: shows(cyclic),
  '10 000 layers': shows(() => chain(10_000, 3)),
};
