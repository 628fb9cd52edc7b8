import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import { regressionOf } from '../../math/regression.fixture';
import type { Point, Series } from '../../panel';
import { useKept } from './use_kept';

const box = document.createElement('div');
afterEach(() => act(() => render(null, box)));

const point = (step: number): Point<'regression'> => ({ step, wallTime: 0, payload: regressionOf({ truth: [[1]], predicted: [[1]] }) });
const [one, two, three] = [point(1), point(2), point(3)];
const series = (points: readonly Point<'regression'>[], run = 'a'): Series<'regression'> => ({
  training: run,
  run,
  tag: 'validation/regression',
  kind: 'regression',
  version: 1,
  evaluation: 'validation',
  name: null,
  split: null,
  lastStep: 0,
  lastWallTime: 0,
  points,
  problems: [],
});

test('while a step is chosen new points do not come in, but those of a training that is shown for the first time do', async () => {
  const seen: (readonly Series<'regression'>[])[] = [];
  function Probe({ all, isPinned }: { all: readonly Series<'regression'>[]; isPinned: boolean }) {
    seen.push(useKept(all, isPinned));
    return null;
  }
  const show = (all: readonly Series<'regression'>[], isPinned: boolean) => act(() => render(<Probe all={all} isPinned={isPinned} />, box));
  const steps = () => seen.at(-1)?.map(({ points }) => points.map(({ step }) => step));

  await show([series([one, two])], true);
  expect(steps()).toEqual([[1, 2]]);
  await show([series([one, two, three])], true);
  expect(steps()).toEqual([[1, 2]]);
  expect(seen.at(-1)).toBe(seen.at(-2));
  await show([series([one, two, three]), series([three], 'b')], true);
  expect(steps()).toEqual([[1, 2], [3]]);
  await show([series([one, two, three])], false);
  expect(steps()).toEqual([[1, 2, 3]]);
});
