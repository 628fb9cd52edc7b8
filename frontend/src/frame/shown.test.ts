import { describe, expect, it } from 'vitest';
import type { Training } from '../decode';
import { facts, infoOf, type Logged, MemorySource, matrices } from '../memory.fixture';
import type { Panel } from '../panel';
import { NOTHING_SELECTED } from '../selection';
import {
  askedFor,
  epochAt,
  evaluationOf,
  filtered,
  isShown,
  type Shown,
  seriesFor,
  seriesOf,
  shownTrainings,
  unknownSeries,
} from './shown';

const scalar: Logged = { training: 'a', tag: 'loss', name: 'loss', part: { kind: 'scalars', points: [{ step: 5 }] } };
const tomorrow: Logged = {
  training: 'a',
  tag: 'validation/x',
  evaluation: 'validation',
  part: { kind: 'of_tomorrow', points: [{ step: 5 }] },
};
const newer: Logged = {
  training: 'a',
  tag: 'test/confusion_matrix',
  evaluation: 'test',
  part: { kind: 'confusion_matrix', version: 9, points: [{ step: 5 }] },
};

async function listing(...logged: readonly Logged[]) {
  const listed = await new MemorySource(logged).list();
  if (listed === null) throw new Error('the first list is never null');
  return listed;
}

async function shownOf(...logged: readonly Logged[]): Promise<Shown> {
  const shown = shownTrainings(await listing(...logged), { ...NOTHING_SELECTED, trainings: ['a'] }, null);
  if (shown === undefined) throw new Error('no training a');
  return shown;
}

const panel: Panel = {
  id: 'matrix',
  view: 'predictions',
  order: 1,
  place: 'main',
  title: 'Matrix',
  needs: ['confusion_matrix', 'classes'],
  required: ['confusion_matrix'],
  load: () => Promise.resolve(() => null),
};

describe('the trainings shown', () => {
  const three = () => listing(matrices('a', 'v', [10]), matrices('b', 'v', [30]), matrices('c', 'v', [20]));
  const names = (shown: Shown | undefined) => [shown?.focus.name, shown?.reference?.name, shown?.all.map(({ name }) => name).join('')];

  it('is the newest when none is chosen, or the one that was the newest when the page opened', async () => {
    expect(names(shownTrainings(await three(), NOTHING_SELECTED, null))).toEqual(['b', undefined, 'b']);
    expect(names(shownTrainings(await three(), NOTHING_SELECTED, 'c'))).toEqual(['c', undefined, 'c']);
    expect(names(shownTrainings(await three(), { ...NOTHING_SELECTED, trainings: ['gone'] }, 'gone too'))).toEqual(['b', undefined, 'b']);
  });

  it('come focus first, then the reference, then the others', async () => {
    expect(names(shownTrainings(await three(), { ...NOTHING_SELECTED, trainings: ['c', 'b'], reference: 'a' }, null))).toEqual([
      'c',
      'a',
      'cab',
    ]);
    expect(names(shownTrainings(await three(), { ...NOTHING_SELECTED, trainings: ['c'], reference: 'c' }, null))).toEqual([
      'c',
      undefined,
      'c',
    ]);
  });

  it('are none in an empty folder', async () => {
    expect(shownTrainings(await listing(), NOTHING_SELECTED, null)).toBeUndefined();
  });
});

it('shows validation unless something else is chosen', () => {
  expect(evaluationOf(NOTHING_SELECTED, ['test', 'validation'])).toBe('validation');
  expect(evaluationOf(NOTHING_SELECTED, ['test'])).toBe('test');
  expect(evaluationOf({ ...NOTHING_SELECTED, evaluation: 'test' }, ['test', 'validation'])).toBe('test');
  expect(evaluationOf({ ...NOTHING_SELECTED, evaluation: 'gone' }, [])).toBeNull();
});

describe('what a panel gets', () => {
  it('is the kinds it needs, of the evaluation shown, without versions that it cannot draw', async () => {
    const shown = await shownOf(matrices('a', 'validation', [10]), matrices('a', 'test', [10]), scalar, tomorrow);
    expect(seriesFor(panel, shown, 'validation').map(({ tag }) => tag)).toEqual(['validation/confusion_matrix']);
    expect(isShown(panel, seriesFor(panel, shown, 'validation'), shown.focus)).toBe(true);
    const other = await shownOf(newer);
    expect(isShown(panel, seriesFor(panel, other, 'test'), other.focus)).toBe(false);
  });

  it('need only be of one kind where one of several is enough', async () => {
    const { required: _, ...either } = panel;
    const one: Panel = { ...either, anyOf: ['confusion_matrix', 'scalars'] };
    const none: Panel = { ...either, anyOf: ['tensor_stats', 'activity'] };
    const { focus } = await shownOf(matrices('a', 'validation', [10]));
    expect([one, none].map((each) => isShown(each, focus.series, focus))).toEqual([true, false]);
  });

  it('is the parameters by their digests, for who asks for them without the structure', async () => {
    const axis: Logged = { training: 'a', tag: 'parameters/12ab', part: { kind: 'parameters', points: [{ step: 0 }] } };
    const structure: Logged = { training: 'a', tag: 'structure', part: { kind: 'structure', points: [{ step: 0 }] } };
    const listed = await new MemorySource([axis, structure], new Map([['a', []]])).list();
    const shown = listed === null ? undefined : shownTrainings(listed, NOTHING_SELECTED, null);
    if (shown === undefined) throw new Error('no training a');
    const tags = (needs: Panel['needs']) => seriesFor({ ...panel, needs }, shown, null).map(({ tag }) => tag);
    expect(tags(['parameters'])).toEqual(['parameters/12ab']);
    expect(tags(['structure', 'parameters'])).toEqual(['', '']);
    // Only where statistics refer to them.
    expect(tags(['structure', 'parameters', 'tensor_stats'])).toEqual(['', '']);
  });

  it('leaves the unknown to the generic panel, in the view where it belongs', async () => {
    const { focus } = await shownOf(scalar, tomorrow, newer);
    const tags = (view: 'training' | 'predictions', evaluation: string) =>
      unknownSeries(view, [panel], focus, evaluation).map(({ tag }) => tag);
    expect(tags('predictions', 'validation')).toEqual(['validation/x']);
    expect(tags('predictions', 'test')).toEqual(['test/confusion_matrix']);
    expect(tags('training', 'test')).toEqual([]);
    // A panel of another view that only asks about a kind takes nothing from the view that draws it.
    const asking: Panel = { ...panel, id: 'asking', view: 'training', needs: ['classes'], asks: ['confusion_matrix'] };
    const home = (view: 'training' | 'predictions') => unknownSeries(view, [asking, panel], focus, 'test').map(({ tag }) => tag);
    expect(home('predictions')).toEqual(['test/confusion_matrix']);
    expect(home('training')).toEqual([]);
  });
});

it('filters by regular expression, and says when it is none', async () => {
  const { trainings } = await listing(facts('Conv-1', {}), facts('dense', {}), facts('conv-2', {}));
  const found = (filter: string) => filtered(trainings, filter)?.map(({ name }) => name);
  expect(found('')).toHaveLength(3);
  expect(found('^conv')).toEqual(['Conv-1', 'conv-2']);
  expect(found('Conv')).toEqual(['Conv-1']);
  expect(found('(')).toBeUndefined();
});

it('knows the epoch of a step, over several fits', () => {
  const fits = [
    { first_step: 0, initial_epoch: 0, epochs: 2, steps_per_epoch: 50 },
    { first_step: 100, initial_epoch: 2, epochs: 4, steps_per_epoch: 10 },
  ];
  expect([0, 1, 50, 51, 99, 101, 120].map((step) => epochAt(fits, step)?.epoch)).toEqual([0, 1, 1, 2, 2, 3, 4]);
  expect(epochAt(fits, 101)?.of).toBe(4);
  expect(epochAt([{ first_step: 0, initial_epoch: 0, epochs: 2, steps_per_epoch: null }], 3)).toBeUndefined();
  expect(epochAt([], 3)).toBeUndefined();
});

it('a series is told as the server tells it', () => {
  expect(infoOf(scalar)).toMatchObject({ run: 'a', tag: 'loss', lastStep: 5 });
});

it('layers come from the server, the newest; from their own series where they may have changed', async () => {
  const of = async (step: number) => {
    const structure: Logged = { training: 'a', run: 'a/layerscope', tag: 'structure', part: { kind: 'structure', points: [{ step }] } };
    const [training] = (await new MemorySource([structure], new Map([['a', []]])).list())?.trainings ?? [];
    return training === undefined ? [] : seriesOf(training).map(({ run, tag, kind }) => [run, tag, kind]);
  };
  expect(await of(0)).toEqual([
    ['a', '', 'structure'],
    ['a', '', 'parameters'],
  ]);
  expect(await of(30)).toEqual([['a/layerscope', 'structure', 'structure']]);
});

it('a panel is shown for a series that it asks about, of the evaluation shown, and does not fetch it', () => {
  const curves = infoOf({
    training: 'a',
    tag: 'validation/score_curves',
    evaluation: 'validation',
    part: { kind: 'score_curves', points: [] },
  });
  const focus: Training = { name: 'a', runs: ['a'], evaluations: ['validation', 'test'], structure: null, series: [curves] };
  const shown = { focus, reference: null, all: [focus] };
  const asking: Panel = {
    id: 'curves',
    view: 'predictions',
    order: 1,
    place: 'side',
    title: '',
    needs: ['classes'],
    asks: ['score_curves'],
    required: ['score_curves'],
    load: () => Promise.reject(new Error('not drawn')),
  };

  expect(seriesFor(asking, shown, 'validation')).toEqual([]);
  expect(askedFor(asking, shown, 'validation')).toEqual([curves]);
  expect(askedFor(asking, shown, 'test')).toEqual([]);
  expect(isShown(asking, askedFor(asking, shown, 'validation'), focus)).toBe(true);
  expect(isShown(asking, askedFor(asking, shown, 'test'), focus)).toBe(false);
});
