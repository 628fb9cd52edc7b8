import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import { infoOf, type Logged, MemorySource, matrices } from '../memory.fixture';
import type { Panel, PanelProps, SeriesInfo } from '../panel';
import { NOTHING_SELECTED } from '../selection';
import { PanelFrame } from './PanelFrame';
import { looseSelection, makePage } from './page';

/** Answers for `classes` only when it is let go. */
class Slow extends MemorySource {
  letGo: () => void = () => undefined;
  readonly #waited = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });

  override async points(...asked: Parameters<MemorySource['points']>) {
    if (asked[0].kind === 'classes') await this.#waited;
    return super.points(...asked);
  }
}

const classes: Logged = {
  training: 'a',
  tag: 'classes/12',
  part: { kind: 'classes', points: [{ step: 0, fields: { labels: ['x', 'y'] } }] },
};
const matrix = matrices('a', 'validation', [10]);

function Counted({ series }: PanelProps<'confusion_matrix' | 'classes'>) {
  return <p>{`${series.confusion_matrix.length} matrices, ${series.classes.length} names`}</p>;
}

function panel(id: string, later: Panel<'confusion_matrix' | 'classes'>['later']): Panel {
  const own: Panel<'confusion_matrix' | 'classes'> = {
    id,
    view: 'predictions',
    order: 1,
    place: 'main',
    title: id,
    needs: ['confusion_matrix', 'classes'],
    required: ['confusion_matrix'],
    ...(later === undefined ? {} : { later }),
    load: () => Promise.resolve(Counted),
  };
  return own;
}

afterEach(() => document.body.replaceChildren());

async function shown(own: Panel, logged: readonly Logged[] = [matrix, classes]): Promise<{ text: () => string | null; source: Slow }> {
  const source = new Slow([matrix, classes]);
  const page = makePage(source, looseSelection(NOTHING_SELECTED));
  const infos: readonly SeriesInfo[] = logged.map(infoOf);
  const frame = <PanelFrame page={page} panel={own} infos={infos} focus="a" step={10} colour={() => ''} />;
  await act(async () => render(frame, document.body));
  await act(async () => new Promise((resolve) => setTimeout(resolve)));
  return { text: () => document.body.textContent, source };
}

test('a panel waits for what it needs, but not for what may come later', async () => {
  const patient = await shown(panel('patient', undefined));
  expect(patient.text()).toBe('loading');
  await act(async () => patient.source.letGo());
  await act(async () => new Promise((resolve) => setTimeout(resolve)));
  expect(patient.text()).toBe('1 matrices, 1 names');
  act(() => render(null, document.body));

  const quick = await shown(panel('quick', ['classes']));
  expect(quick.text()).toBe('1 matrices, 0 names');
  await act(async () => quick.source.letGo());
  await act(async () => new Promise((resolve) => setTimeout(resolve)));
  expect(quick.text()).toBe('1 matrices, 1 names');
  act(() => render(null, document.body));
});

test('where one of several kinds is enough, the only one that is there is waited for, late as it may come', async () => {
  const { required: _, ...either } = panel('either', ['classes']);
  const alone = await shown({ ...either, anyOf: ['confusion_matrix', 'classes'] }, [classes]);
  expect(alone.text()).toBe('loading');
  await act(async () => alone.source.letGo());
  await act(async () => new Promise((resolve) => setTimeout(resolve)));
  expect(alone.text()).toBe('0 matrices, 1 names');
  act(() => render(null, document.body));
});
