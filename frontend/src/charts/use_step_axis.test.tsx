import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import type { Curve } from '../math/series';
import { tensorSeries } from '../math/tensor_stats.fixture';
import { NOTHING_SELECTED, type Selection } from '../selection';
import { withAxis, withZoom } from './axis_choice';
import { useStepAxis } from './use_step_axis';

afterEach(() => {
  act(() => render(null, document.body));
});

function curve(tag: string, ...step: readonly number[]): Curve {
  const at = Float64Array.from(step);
  return { training: 'a', run: 'a', tag, name: tag, split: null, counts: 'step', step: at, wall: at, value: at };
}

const short = [curve('loss', 0, 50, 100)];
const long = [curve('statistics', 20, 300)];

const NO_FACTS = { training_facts: [] };

/** Of batches of 20, of which the one of step 50 has 10. */
const STATISTICS = tensorSeries(
  'tensor_stats/norms',
  [{ step: [0, 20, 40, 50, 60, 80, 100], statistics: [], parameters: 0, value: () => 0 }],
  'a',
);
const sized = [
  {
    ...STATISTICS,
    points: STATISTICS.points.map((point) => ({
      ...point,
      payload: { ...point.payload, batch_examples: Int32Array.from(point.payload.step, (step) => (step === 50 ? 10 : 20)) },
    })),
  },
];

interface Props {
  readonly id: string;
  readonly curves: readonly Curve[];
  readonly options?: Selection['options'];
  readonly scalars?: readonly Curve[];
  readonly stats?: typeof sized;
  readonly select?: (change: Partial<Selection>) => void;
}

function Panel({ id, curves, options = {}, scalars = short, stats, select = () => undefined }: Props) {
  const axis = useStepAxis(id, curves, scalars, 'a', {
    series: stats === undefined ? NO_FACTS : { ...NO_FACTS, tensor_stats: stats },
    selection: { ...NOTHING_SELECTED, options },
    step: 60,
    select,
  });
  return (
    <button type="button" id={id} onClick={() => axis.zoom([280, 400])} onDblClick={() => axis.choose(290)}>
      {`${axis.shown.join('…')} at ${axis.at}, stops ${axis.stops.map(({ step }) => step).join()}`}
    </button>
  );
}

const text = (id: string) => document.getElementById(id)?.textContent;

test('all panels on screen have the same axis; each keeps its own steps to stop at', async () => {
  const both = (withLong: boolean) => (
    <>
      <Panel id="short" curves={short} />
      {withLong ? <Panel id="long" curves={long} /> : null}
    </>
  );
  await act(() => render(both(true), document.body));
  expect(text('short')).toBe('0…300 at 60, stops 0,50,100');
  expect(text('long')).toBe('0…300 at 60, stops 20,300');
  await act(() => render(both(false), document.body));
  expect(text('short')).toBe('0…100 at 60, stops 0,50,100');
});

test('a stretch that is asked for beyond the end is moved inside; one that is chosen is shown; a place selects the step next to it', async () => {
  const changes: Partial<Selection>[] = [];
  const options = withZoom({}, [20, 80]);
  await act(() => render(<Panel id="long" curves={long} options={options} select={(change) => changes.push(change)} />, document.body));
  expect(text('long')).toBe('20…80 at 60, stops 20,300');
  await act(() => document.getElementById('long')?.click());
  expect(changes.at(-1)?.options).toEqual(withZoom({}, [180, 300]));
  await act(() => {
    document.getElementById('long')?.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  });
  expect(changes.at(-1)).toEqual({ step: 300 });
  await act(() => {
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
  });
  expect(changes.at(-1)?.options).toEqual({});
});

test('trainings that began at different steps stand beside each other from their first steps, in all panels alike', async () => {
  const later: Curve = { ...curve('loss', 1000, 1040), training: 'b' };
  const scalars = [curve('loss', 40, 80), later];
  const statistics = [curve('statistics', 10, 60)];
  const options = withAxis({}, 'relative');
  const both = (shown: readonly Curve[]) => (
    <>
      <Panel id="charts" curves={shown} scalars={shown} options={options} />
      <Panel id="heat" curves={statistics} scalars={shown} options={options} />
    </>
  );
  await act(() => render(both(scalars), document.body));
  // Training a begins at step 10, which only its statistics tell: its cursor at step 60 stands at 50.
  expect(text('charts')).toBe('0…70 at 50, stops 40,80');
  expect(text('heat')).toBe('0…70 at 50, stops 10,60');
  // One training has nothing to be compared with: its steps stand where they are.
  await act(() => render(both(scalars.slice(0, 1)), document.body));
  expect(text('charts')).toBe('0…80 at 60, stops 40,80');
});

test('examples are counted alike in all panels, though one alone knows the sizes of batches', async () => {
  const options = withAxis({}, 'examples');
  const both = (
    <>
      <Panel id="charts" curves={short} options={options} />
      <Panel id="heat" curves={long} options={options} stats={sized} />
    </>
  );
  await act(() => render(both, document.body));
  // 60 batches before step 60, one of them with 10 examples.
  expect(text('heat')).toBe('0…5990 at 1190, stops 20,300');
  expect(text('charts')).toBe('0…5990 at 1190, stops 0,50,100');
});
