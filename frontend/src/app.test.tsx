import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { App } from './app';
import { looseSelection, makePage, type Page } from './frame/page';
import { facts, type Logged, MemorySource, matrices } from './memory.fixture';
import { at, type Panel, type PanelProps } from './panel';
import { NOTHING_SELECTED, type Selection } from './selection';

let page: Page | undefined;
const WIDTH = window.innerWidth;

// There is no layout here: every element is as high as the list of a small window.
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(560);
});

afterEach(() => {
  page?.poll.stop();
  act(() => render(null, document.body));
  window.innerWidth = WIDTH;
});

const settled = () => act(() => new Promise<void>((resolve) => setTimeout(resolve, 5)));

/** Says what it was given; throws when a name tells it to. */
function Told({ series, step, select, colour }: PanelProps<'confusion_matrix'>) {
  if (series.confusion_matrix.some(({ training }) => training === 'cursed')) throw new Error('a panel fell over');
  return (
    <button type="button" class="told" onClick={() => select({ step: 10 })}>
      {series.confusion_matrix.map(({ training, points }) => `${training}@${at(points, step)?.step}:${colour(training)}`).join(' ')}
    </button>
  );
}

const PANELS: readonly Panel<'confusion_matrix'>[] = [
  { id: 'told', view: 'predictions', order: 1, place: 'main', title: 'Told', needs: ['confusion_matrix'], load: async () => Told },
  {
    id: 'steady',
    view: 'predictions',
    order: 2,
    place: 'side',
    title: 'Steady',
    needs: ['confusion_matrix'],
    load: async () => () => <p class="steady">steady</p>,
  },
];

async function opened(logged: readonly Logged[], selection: Partial<Selection> = {}) {
  const source = new MemorySource(logged);
  const made = makePage(source, looseSelection({ ...NOTHING_SELECTED, view: 'predictions', ...selection }));
  page = made;
  made.poll.start();
  await act(() => render(<App page={made} panels={PANELS} />, document.body));
  await settled();
  await settled();
  return { source, selection: made.selection, poll: made.poll };
}

const text = (selector: string) => document.querySelector(selector)?.textContent ?? null;
const press = (key: string) => act(() => void window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })));
const click = (selector: string) => act(() => document.querySelector<HTMLElement>(selector)?.click());

describe('the tab', () => {
  it('shows the newest training at its latest step', async () => {
    await opened([matrices('a', 'validation', [10, 20]), matrices('b', 'validation', [30])]);
    expect(text('.told')).toMatch(/^b@30:rgb/);
    expect(text('.ls-step-told')).toBe('30 of 30');
    expect(text('.ls-step-logged')).toBe('1 evaluation');
  });

  it('goes along the logged steps with [ and ], and follows the latest again', async () => {
    const { selection } = await opened([matrices('a', 'validation', [10, 20, 30])]);
    await press('[');
    await press('[');
    expect(text('.told')).toContain('a@10');
    await press(']');
    expect(selection.value.step).toBe(20);
    await click('.ls-step .ls-chip');
    expect(text('.told')).toContain('a@30');
  });

  it('does not move a chosen step when new ones come, and says how many did', async () => {
    const { source, poll } = await opened([matrices('a', 'validation', [10, 20])]);
    await press('[');
    source.log([matrices('a', 'validation', [10, 20, 30, 40])]);
    poll.now();
    await settled();
    await settled();
    expect(text('.told')).toContain('a@10');
    expect(text('.ls-step .ls-chip')).toBe('2 newer steps');
    await click('.ls-step .ls-chip');
    expect(text('.told')).toContain('a@40');
  });

  it('chooses views with 1, 2, 3, and leaves keys to a field that is typed in', async () => {
    const { selection } = await opened([matrices('a', 'validation', [10])]);
    await press('1');
    expect(selection.value.view).toBe('model');
    const filter = document.querySelector<HTMLInputElement>('#ls-filter');
    await act(() => void filter?.dispatchEvent(new KeyboardEvent('keydown', { key: '3', bubbles: true })));
    expect(selection.value.view).toBe('model');
  });

  it('has the list of trainings behind its button when it becomes narrow, though it was opened before', async () => {
    await opened([matrices('a', 'validation', [10])]);
    const isOpen = () => document.querySelector('#ls-side')?.classList.contains('ls-side-open');
    window.innerWidth = 1200;
    await act(() => void window.dispatchEvent(new Event('resize')));
    await press('/');
    expect(isOpen()).toBe(true);
    window.innerWidth = 400;
    await act(() => void window.dispatchEvent(new Event('resize')));
    expect(isOpen()).toBe(false);
  });

  it('offers the evaluations when there is a choice', async () => {
    const { selection } = await opened([matrices('a', 'validation', [10]), matrices('a', 'test', [10])]);
    const names = [...document.querySelectorAll('.ls-evaluations label')].map((label) => label.textContent);
    expect(names).toEqual(['validation', 'test']);
    await click('.ls-evaluations input[value="test"]');
    expect(selection.value.evaluation).toBe('test');
  });

  it('tells the epoch and the facts of the training', async () => {
    await opened([
      matrices('a', 'validation', [10, 20]),
      facts('a', { optimizer: 'Adam', first_step: 0, initial_epoch: 0, epochs: 4, steps_per_epoch: 10, hyperparameters: { width: 64 } }),
    ]);
    expect(text('.ls-step-told')).toBe('20 of 20 · epoch 2 of 4');
    expect(text('.ls-facts')).toContain('Adam');
    expect(text('.ls-facts dl')).toBe('width64');
  });

  it('compares with a reference, and puts it behind the focus', async () => {
    await opened([matrices('a', 'validation', [10]), matrices('b', 'validation', [30])], { trainings: ['b'] });
    await click('[aria-label="a as reference"]');
    await settled();
    expect(text('.told')).toMatch(/^b@30:\S+.* a@10/);
  });

  it('one panel that falls over leaves the others standing', async () => {
    await opened([matrices('cursed', 'validation', [10])]);
    expect(text('.ls-failure')).toContain('a panel fell over');
    expect(text('.steady')).toBe('steady');
  });

  it('says what was refused, and what was asked, and tries again', async () => {
    const source = new MemorySource([matrices('a', 'validation', [10])]);
    source.refused.add('validation/confusion_matrix');
    const made = makePage(source, looseSelection({ ...NOTHING_SELECTED, view: 'predictions' }));
    page = made;
    made.poll.start();
    await act(() => render(<App page={made} panels={PANELS} />, document.body));
    await settled();
    await settled();
    expect(text('.ls-failure')).toContain('no series validation/confusion_matrix');
    expect(text('.ls-failure code')).toContain('points?');
    source.refused.clear();
    await click('.ls-failure button');
    await settled();
    expect(text('.told')).toContain('a@10');
  });

  it('tells of records that could not be read', async () => {
    await opened([{ ...matrices('a', 'validation', [10]), problems: [{ step: 20, error: 'the zlib stream ends early', fix: 'none' }] }]);
    expect(text('.ls-problems summary')).toBe('1 record could not be read');
    expect(text('.ls-problems li')).toContain('ends early');
  });

  it('shows what a newer Layerscope wrote as it is, and says so', async () => {
    const newer = matrices('a', 'validation', [10]);
    await opened([{ ...newer, part: { ...newer.part, version: 9 } }]);
    await vi.waitFor(() => expect(text('.ls-generic')).toContain('row_end'), 5000);
    expect(text('.ls-generic')).toContain('Written by a newer Layerscope (kind confusion_matrix v9)');
  });
});

describe('where nothing is logged', () => {
  it('says so, shows what would be seen, and gives the code', async () => {
    await opened([]);
    expect(text('.ls-empty h2')).toBe('Nothing is logged in this folder yet');
    expect(text('.ls-empty pre')).toContain('from layerscope.keras import Layerscope');
    expect(document.querySelector('.ls-empty svg')).not.toBeNull();
  });

  it('has the keys all the same', async () => {
    const { selection } = await opened([]);
    await press('2');
    expect(selection.value.view).toBe('training');
    await press('?');
    const keys = [...document.querySelectorAll('.ls-dialog kbd')].map((key) => key.textContent);
    expect(keys).toEqual(expect.arrayContaining(['[', ']', '+', '−', '0', 'Shift ← →', 'Ctrl wheel']));
  });

  it('tells a training without data of this view from an empty folder', async () => {
    await opened([matrices('a', 'validation', [10])], { view: 'model' });
    expect(text('.ls-empty h2')).toBe('a tells nothing of its layers');
  });

  it('does not offer a training that logs itself what it does already', async () => {
    await opened([facts('a', {})], { view: 'predictions' });
    expect(text('.ls-empty h2')).toBe('a has no evaluations');
    expect(text('.ls-empty')).toContain('An evaluation comes after each epoch');
    expect(document.querySelector('.ls-empty pre')).toBeNull();
  });

  it('fills by itself', async () => {
    const { source, poll } = await opened([]);
    source.log([matrices('a', 'validation', [10])]);
    poll.now();
    await settled();
    await settled();
    expect(text('.told')).toContain('a@10');
  });
});

describe('a model that had other layers later', () => {
  /** Layers in a row, by their names. */
  const layers = (step: number, ...names: readonly string[]) => ({
    step,
    fields: {
      source: 'keras',
      model: 'm',
      parameters: 'none',
      nodes: names.map((name) => ({ path: name, layer: name, call: 0, class: 'Dense', config: {} })),
      inputs: {},
      outputs: {},
      dtypes: [],
      notes: [],
    },
    arrays: {
      parent: { data: new Int32Array(names.length).fill(-1) },
      edge: { data: new Int32Array(0), row: [4] },
      output_end: { data: new Int32Array(names.length) },
      shape: { data: new Int32Array(0) },
      shape_end: { data: new Int32Array(0) },
      dtype: { data: new Int32Array(0) },
      edges_known: { data: new Uint8Array(names.length) },
      macs: { data: new Float64Array(names.length) },
      activation_bytes: { data: new Float64Array(names.length) },
    },
  });
  const part = { kind: 'structure', points: [layers(0, 'a'), layers(20, 'a'), layers(30, 'a', 'b')] };

  it('is shown as it was at the step, with a mark where it changed', async () => {
    const steps = ({ series, step }: PanelProps<'structure'>) => <p class="layers">{at(series.structure[0]?.points ?? [], step)?.step}</p>;
    const panel: Panel<'structure'> = {
      id: 'layers',
      view: 'model',
      order: 1,
      place: 'main',
      title: 'Layers',
      needs: ['structure'],
      load: async () => steps,
    };
    const structure: Logged = { training: 'a', run: 'a/layerscope', tag: 'structure', part };
    const source = new MemorySource([structure, matrices('a', 'validation', [10, 25, 30])], new Map([['a', [part]]]));
    const made = makePage(source, looseSelection({ ...NOTHING_SELECTED, view: 'model', step: 25 }));
    page = made;
    made.poll.start();
    await act(() => render(<App page={made} panels={[panel]} />, document.body));
    await settled();
    await settled();
    expect(text('.layers')).toBe('20');
    const marks = [...document.querySelectorAll('.ls-step-change')].map((mark) => mark.getAttribute('title'));
    expect(marks).toEqual(['other layers from step 30 on']);
    await press(']');
    expect([made.selection.value.step, text('.layers')]).toEqual([30, '30']);
    expect(text('.ls-step-logged')).toBeNull();
  });
});

describe('the list of trainings', () => {
  const many = Array.from({ length: 1000 }, (_, k) => facts(`run-${k}`, {}));

  it('holds only what is in sight of a thousand, and filters per key', async () => {
    await opened(many);
    expect(document.querySelectorAll('.ls-training').length).toBeLessThan(60);
    const filter = document.querySelector<HTMLInputElement>('#ls-filter');
    await act(() => {
      if (filter !== null) filter.value = '^run-99\\d$';
      filter?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect([...document.querySelectorAll('.ls-training-name')].map((name) => name.textContent)).toHaveLength(10);
    expect(text('.ls-filter-note')).toContain('10 of 1');
  });

  it('keeps the list while an expression is unfinished, and says so', async () => {
    await opened(many.slice(0, 3));
    const filter = document.querySelector<HTMLInputElement>('#ls-filter');
    await act(() => {
      if (filter !== null) filter.value = 'run-(';
      filter?.dispatchEvent(new Event('input', { bubbles: true }));
    });
    expect(filter?.getAttribute('aria-invalid')).toBe('true');
    expect(document.querySelectorAll('.ls-training')).toHaveLength(3);
  });

  it('is one tab stop, with arrow keys inside', async () => {
    await opened(many.slice(0, 3));
    expect(document.querySelectorAll('.ls-trainings [tabindex="0"]')).toHaveLength(1);
    const cell = document.querySelector<HTMLElement>('[data-cell="0-1"]');
    cell?.focus();
    await act(() => void cell?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true })));
    expect(document.activeElement?.getAttribute('data-cell')).toBe('1-1');
  });

  it('writes names as text', async () => {
    await opened([facts('<img src=x onerror="boom()">', {})]);
    expect(document.querySelector('img')).toBeNull();
    expect(document.querySelector('.ls-training-name bdi')?.getAttribute('title')).toBe('<img src=x onerror="boom()">');
  });

  it('adds, focuses and takes away', async () => {
    const { selection } = await opened([
      matrices('a', 'validation', [10]),
      matrices('b', 'validation', [20]),
      matrices('c', 'validation', [30]),
    ]);
    await click('[aria-label="show a"]');
    expect(selection.value.trainings).toEqual(['c', 'a']);
    await click('[data-cell="1-1"]');
    expect(selection.value.trainings).toEqual(['b', 'a']);
    await click('[aria-label="show b"]');
    await click('[aria-label="show a"]');
    expect(selection.value.trainings).toEqual(['a']);
  });
});
