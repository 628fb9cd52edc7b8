import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { Answers } from '../../frame/answers';
import { matrix } from '../../math/confusion.fixture';
import { MemorySource } from '../../memory.fixture';
import type { Point, SeriesInfo } from '../../panel';
import { Failed } from '../../source';
import { evaluation } from './evaluation';
import { classes, series } from './gallery';
import { useCredited } from './use_credited';

const TOP_1 = matrix([
  [3, 2],
  [4, 1],
]);
const TOP_3 = matrix([
  [5, 0],
  [1, 4],
]);
const shown = evaluation(series([TOP_1]), [classes(['a', 'b'])], 50);
const predictions: SeriesInfo = { ...series([TOP_1]), kind: 'predictions', tag: 'validation/predictions' };

class Credits extends MemorySource {
  readonly answer: Point<'confusion_matrix'> | null;

  constructor(answer: Point<'confusion_matrix'> | null) {
    super([]);
    this.answer = answer;
  }

  override readonly topKMatrix = (_: SeriesInfo, step: number, k: number): Promise<Point<'confusion_matrix'>> => {
    this.asked.push(`top ${k} at ${step}`);
    if (this.answer === null) return Promise.reject(new Failed({ error: 'no predictions at all', fix: '' }, 'top_k_matrix'));
    return Promise.resolve(this.answer);
  };
}

const box = document.createElement('div');
afterEach(() => render(null, box));

/** What is drawn, and what is said of it. */
async function credited(source: Credits, asked: readonly SeriesInfo[], k: number) {
  function Probe() {
    const { evaluation: found, problem, waiting } = useCredited(asked, shown, k);
    return <p>{JSON.stringify([found?.confusion.errors, found?.series.tag, problem ?? '', waiting])}</p>;
  }
  await act(() =>
    render(
      <Answers.Provider value={source}>
        <Probe />
      </Answers.Provider>,
      box,
    ),
  );
  await act(() => new Promise((resolve) => setTimeout(resolve, 0)));
  const [errors, tag, problem, waiting]: unknown[] = JSON.parse(box.textContent ?? '');
  return { errors, tag, problem, waiting };
}

describe('a truth among the first few', () => {
  const own = { errors: 6, tag: 'validation/confusion_matrix', waiting: false };
  const nothing = 'What was predicted of single samples is not logged at step 50: the first class alone counts.';

  it('counts as right, and what is saved says so', async () => {
    const source = new Credits({ step: 50, wallTime: 0, payload: TOP_3 });
    expect(await credited(source, [predictions], 3)).toEqual({
      errors: 1,
      tag: 'validation/confusion_matrix-top-3',
      problem: '',
      waiting: false,
    });
    expect(source.asked).toEqual(['top 3 at 50']);
  });

  it('is not asked for where the first one alone counts', async () => {
    const source = new Credits(null);
    expect(await credited(source, [predictions], 1)).toEqual({ ...own, problem: '' });
    expect(source.asked).toEqual([]);
  });

  it('is not told of another step, of other classes, of another training, or where the server refuses', async () => {
    const at = (step: number, payload = TOP_3) => new Credits({ step, wallTime: 0, payload });
    expect(await credited(at(40), [predictions], 3)).toEqual({ ...own, problem: nothing });
    expect(await credited(at(50, { ...TOP_3, classes: 'others' }), [predictions], 3)).toEqual({ ...own, problem: nothing });
    expect(await credited(at(50), [{ ...predictions, training: 'another' }], 3)).toEqual({ ...own, problem: nothing });
    expect(await credited(new Credits(null), [predictions], 3)).toEqual({ ...own, problem: 'no predictions at all' });
  });
});
