import { expect, test } from 'vitest';
import type { Listing } from '../decode';
import { Colours } from './colours';

function listing(...names: string[]): Listing {
  const trainings = names.map((name) => ({ name, runs: [], evaluations: [], structure: null, series: [] }));
  return { trainings, problems: [] };
}

test('a training keeps its colour when others come before it in the list', () => {
  const colours = new Colours();
  const before = colours.with(listing('b', 'd'));
  const after = colours.with(listing('a', 'b', 'c', 'd'));

  expect(['b', 'd'].map(after)).toEqual(['b', 'd'].map(before));
  expect(new Set(['a', 'b', 'c', 'd'].map(after)).size).toBe(4);
});
