import { render } from 'preact';
import { useState } from 'preact/hooks';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Sentences } from '../../components/Sentences';
import type { Answer } from '../../decode';
import { Answers } from '../../frame/answers';
import { COMPARED } from '../../math/comparison.fixture';
import { matrix } from '../../math/confusion.fixture';
import { parametersOf, tensorSeries } from '../../math/tensor_stats.fixture';
import { NOTHING_COMPUTED } from '../../memory.fixture';
import type { Point, Series, SeriesInfo } from '../../panel';
import type { Comparison, ConfusionMatrix as Payload } from '../../schema.gen';
import { NOTHING_SELECTED, type Selection } from '../../selection';
import type { Source } from '../../source';
import { ConfusionMatrix } from './ConfusionMatrix';
import { classes, series } from './gallery';

const TRAINING = 'dense-64-64';
const NAMES = ['ant', 'bee', 'cat'];

/** Three classes of 100 examples, of which so many are right. */
const evaluated = (right: readonly number[]): Payload =>
  matrix(right.map((n, k) => right.map((_, j) => (j === k ? n : j === (k + 1) % 3 ? 100 - n : 0))));
const FELL = [50, 90, 95, 94, 60, 58].map((right) => evaluated([90, 90, right]));

const info = (kind: string, tag: string, training = TRAINING): SeriesInfo => ({
  training,
  run: `${training}/layerscope`,
  tag,
  kind,
  version: 1,
  evaluation: null,
  name: null,
  split: null,
  lastStep: 300,
  lastWallTime: 0,
});

/** Norms of two layers, of which one takes steps ten times as large from step 200 on. */
const steps = Array.from({ length: 300 }, (_, i) => i);
const norms = tensorSeries('tensor_stats/norms', [
  {
    step: steps,
    statistics: ['weight_sum_squares', 'gradient_sum_squares', 'update_sum_squares'],
    parameters: 2,
    value: (name, p, step) => (name.startsWith('update') ? 1e-6 * (p === 1 && step >= 200 ? 100 : 1) : 1) * (1 + 0.1 * Math.sin(step)),
  },
]);

function answer(points: Partial<Answer['points']>): Answer {
  return { points, raw: [], problems: [], steps: null, writer: null };
}

function source(): { readonly source: Source; readonly asked: string[] } {
  const asked: string[] = [];
  const made: Source = {
    ...NOTHING_COMPUTED,
    list: async () => null,
    structure: async () => answer({}),
    order: async () => ({ order: [], joins: [], classes: '' }),
    points: async ({ tag }, { from, to }) => {
      asked.push(`${tag} ${from ?? ''}..${to ?? ''}`);
      if (tag.startsWith('parameters/'))
        return answer({ parameters: [{ step: 0, wallTime: 0, payload: parametersOf({ 'a/kernel': [2, 2], 'b/kernel': [2, 2] }) }] });
      const [point] = norms.points;
      if (point === undefined) throw new Error('no point');
      const places = steps.filter((step) => step >= (from ?? 0) && step <= (to ?? 1e9));
      return answer({ tensor_stats: [cut(point, places)] });
    },
  };
  return { source: made, asked };
}

function cut(point: Point<'tensor_stats'>, places: readonly number[]): Point<'tensor_stats'> {
  const { payload } = point;
  const pick = (of: ArrayLike<number>) => Float64Array.from(places, (i) => of[i] ?? Number.NaN);
  return {
    ...point,
    payload: {
      ...payload,
      step: Int32Array.from(places),
      value: Float32Array.from(Array.from({ length: 6 }, (_, row) => places.map((i) => payload.value[row * 300 + i] ?? 0)).flat()),
      loss: pick(payload.loss),
      clip_factor: pick(payload.clip_factor),
      skipped: new Uint8Array(places.length),
      learning_rate: pick(payload.learning_rate),
    },
  };
}

let page: HTMLElement | undefined;
afterEach(() => {
  if (page !== undefined) {
    render(null, page);
    page.remove();
    page = undefined;
  }
});

interface Way {
  readonly matrices?: readonly Series<'confusion_matrix'>[];
  readonly asked?: readonly SeriesInfo[];
  readonly from?: Source;
  readonly selected?: Partial<Selection>;
  readonly named?: readonly Series<'classes'>[];
}

async function shown({ matrices = [series(FELL)], asked = [], from = source().source, selected = {}, named = [] }: Way) {
  const box = document.createElement('main');
  document.body.append(box);
  page = box;
  const selections: Selection[] = [];
  function Stage() {
    const [selection, setSelection] = useState<Selection>({ ...NOTHING_SELECTED, view: 'predictions', ...selected });
    selections.push(selection);
    return (
      <Answers.Provider value={from}>
        <ConfusionMatrix
          series={{ confusion_matrix: matrices, classes: [classes(NAMES), ...named] }}
          asked={asked}
          selection={selection}
          focus={TRAINING}
          step={selection.step ?? 300}
          select={(change) => setSelection((old) => ({ ...old, ...change }))}
          colour={() => 'red'}
        />
      </Answers.Provider>
    );
  }
  const settle = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));
  await act(() => render(<Stage />, box));
  await settle();
  const sentence = (key: string) => box.querySelector(`[data-sentence="${key}"]`)?.textContent?.replace(/[\u202f\u2009]/gu, ' ') ?? null;
  const click = async (words: string) => {
    const button = [...box.querySelectorAll<HTMLButtonElement>('.ls-sentences button')].find((each) => each.textContent.includes(words));
    if (button === undefined) throw new Error(`no link ${words}`);
    await act(() => button.click());
    await settle();
  };
  return { box, sentence, click, settle, selection: () => selections.at(-1) };
}

const STATISTICS = [
  info('tensor_stats', 'tensor_stats/norms'),
  info('tensor_stats', 'tensor_stats/full'),
  info('parameters', 'parameters/d'),
];

describe('a class that got worse', () => {
  it('leads in two clicks to the layer whose updates stand out', async () => {
    const { source: from, asked } = source();
    const { sentence, click, selection } = await shown({ asked: STATISTICS, from });
    expect(sentence('fall-2')).toBe(
      'Class cat got worse between steps 200 and 250: recall 95 → 58 %, 95 of 100 at step 150 → 58 of 100; 95 % interval of the difference −47.2 to −25.9' +
        'Between these steps the update of b/kernel was 10 times its usual size',
    );
    // The norms of before and within, and the names of the parameters: nothing else.
    expect([...asked].sort()).toEqual(['parameters/d ..', 'tensor_stats/norms 200..249', 'tensor_stats/norms ..199'].sort());
    await click('Class cat got worse');
    expect(selection()).toMatchObject({ classes: [2], step: 250, view: 'predictions' });
    expect(sentence('fall-2')).toContain('the update of b/kernel was 10 times its usual size');
    await click('b/kernel');
    expect(selection()).toMatchObject({ view: 'training', layer: 'b', classes: [2] });
    expect(selection()?.step).toBeGreaterThanOrEqual(200);
    expect(selection()?.step).toBeLessThan(250);
  });

  it('says what would log the layers, where nothing does', async () => {
    const { sentence } = await shown({});
    expect(sentence('fall-2')).toContain('What the layers did between these steps is not logged: callbacks=[Layerscope("logs/run-1")]');
  });

  it('asks for nothing while no class got worse', async () => {
    const { source: from, asked } = source();
    const { box } = await shown({ matrices: [series([50, 90, 95].map((n) => evaluated([90, 90, n])))], asked: STATISTICS, from });
    expect(box.textContent).not.toContain('got worse');
    expect(asked).toEqual([]);
  });
});

describe('against a reference', () => {
  const other: Series<'confusion_matrix'> = { ...series([evaluated([90, 90, 95])], 'other'), training: 'other' };

  it('names the classes that are worse, found by name', async () => {
    const { sentence } = await shown({ matrices: [series([evaluated([90, 92, 60])]), other], selected: { reference: 'other' } });
    expect(sentence('reference')).toMatch(/^Worse than other/);
    expect(sentence('reference-worse')).toBe('Worse than other in class cat (recall 60 %, there 95 %)');
  });

  it('compares nothing with one of other classes, and asks for nothing of it', async () => {
    const named = [classes(['ant', 'bee', 'sea'], 'other', 'others')];
    const points = series([{ ...evaluated([90, 90, 95]), classes: 'others' }]).points;
    const kinds = ['predictions', 'score_curves'].flatMap((kind) => [TRAINING, 'other'].map((of) => info(kind, `validation/${kind}`, of)));
    const asked: string[] = [];
    const ask = (what: string) => async (of: SeriesInfo) => {
      asked.push(`${what} ${of.training}`);
      throw new Error('none');
    };
    const from = {
      ...source().source,
      compare: ask('compare'),
      curves: ask('curves'),
      samples: ask('samples'),
      calibration: ask('calibration'),
    };
    const matrices = [series([evaluated([90, 92, 60])]), { ...other, points }];
    const { box, sentence, click, selection } = await shown({
      matrices,
      named,
      asked: kinds,
      from,
      selected: { reference: 'other', classes: [2] },
    });
    expect(sentence('reference')).toBe(
      'other is not compared: its classes are others (2 of these 3 are among its 3; only here: cat; only there: sea)',
    );
    expect(box.textContent).not.toMatch(/Worse than|Better than|No clear/);
    expect(asked.filter((each) => each.startsWith('compare') || each.endsWith('other'))).toEqual([]);
    await click('other');
    expect(selection()).toMatchObject({ trainings: ['other'], reference: TRAINING, step: 50 });
  });

  it('decides by the samples that only one of both has right, where nearly all are the same', async () => {
    const both = [info('predictions', 'validation/predictions'), info('predictions', 'validation/predictions', 'other')];
    const matrices = [series([evaluated([90, 90, 90])]), { ...other, points: series([evaluated([90, 90, 97])]).points }];
    const verdicts = async (more: Partial<Comparison>) => {
      const from = { ...source().source, compare: async () => ({ step: 50, wallTime: 0, payload: { ...COMPARED, ...more } }) };
      const { sentence } = await shown({ matrices, selected: { reference: 'other' }, asked: both, from });
      return [sentence('reference')?.split(':')[0], sentence('reference-worse')];
    };
    const unclear = ['No clear difference from other', null];
    expect((await shown({ matrices, selected: { reference: 'other' } })).sentence('reference')).toMatch(/^No clear difference/);
    expect(await verdicts({})).toEqual(['Worse than other', 'Worse than other in class cat (recall 90 %, there 97 %)']);
    // Other samples, of the same numbers or not.
    expect(await verdicts({ truth_differs: 3 })).toEqual(unclear);
    expect(await verdicts({ only_this: 200 })).toEqual(unclear);
    expect(await verdicts({ other_step: 10 })).toEqual(unclear);
  });
});

describe('what is on its way', () => {
  const scores = [info('score_curves', 'validation/score_curves'), info('predictions', 'validation/predictions')];

  it('holds its place, and leaves it where nothing comes', async () => {
    let give: () => void = () => {};
    const waiting = new Promise<never>((_, reject) => {
      give = () => reject(new Error('not here'));
    });
    const from = { ...source().source, calibration: () => waiting, samples: () => waiting };
    const { sentence, settle } = await shown({ asked: scores, from });
    expect([sentence('confidence'), sentence('changes')]).toEqual(['…', '…']);
    give();
    await settle();
    expect([sentence('confidence'), sentence('changes')]).toEqual([null, null]);
  });

  it('says so where the layers cannot be fetched', async () => {
    const from = { ...source().source, points: () => Promise.reject(new Error('the disk is gone')) };
    const { sentence } = await shown({ asked: STATISTICS, from });
    expect(sentence('fall-2')).toContain('What the layers did could not be fetched: the disk is gone');
  });
});

it('of more than six sentences five are seen, and the others on demand', async () => {
  const box = document.createElement('main');
  page = box;
  const told = (n: number) => Array.from({ length: n }, (_, i) => ({ key: `s${i}`, sentence: [{ text: `sentence ${i}` }] }));
  const draw = (n: number) => act(() => render(<Sentences told={told(n)} options={{}} select={() => {}} />, box));
  const seen = () => box.querySelectorAll('[data-sentence]').length;
  const press = () => act(() => box.querySelector<HTMLButtonElement>('button[aria-expanded]')?.click());
  await draw(6);
  expect(seen()).toBe(6);
  expect(box.querySelector('button')).toBeNull();
  await draw(8);
  expect(seen()).toBe(5);
  expect(box.querySelector('button')?.textContent).toBe('3 more');
  await press();
  expect(seen()).toBe(8);
  await press();
  expect(seen()).toBe(5);
});

it('a link keeps the choices that it does not speak of', async () => {
  const box = document.createElement('main');
  page = box;
  const select = vi.fn();
  const options = { 'predictions.since': '7', 'tensors.measure': 'gradient_norm', 'tensors.fold': 'groups' };
  const sentence = [{ text: 'there', selects: { step: 3 }, options: { 'tensors.measure': undefined, 'predictions.since': '9' } }];
  await act(() => render(<Sentences told={[{ key: 'a', sentence }]} options={options} select={select} />, box));
  await act(() => box.querySelector('button')?.click());
  expect(select).toHaveBeenCalledWith({ step: 3, options: { 'predictions.since': '9', 'tensors.fold': 'groups' } });
});
