import { describe, expect, it } from 'vitest';
import type { Changes } from '../schema.gen';
import { COMPARED } from './comparison.fixture';
import type { Sentence } from './sentences_predictions';
import { aloneSentence, changesSentence, turnedByClass } from './sentences_samples';

const text = (sentence: Sentence | undefined) => sentence?.map((part) => part.text).join('');

/** Samples by their true class, and what became of each: w newly wrong, r newly right, f forgotten alone, b newly wrong and forgotten. */
function changes(truth: readonly number[], turns: string): Changes {
  const flags = (signs: string) => Uint8Array.from(turns, (turn) => (signs.includes(turn) ? 1 : 0));
  return {
    kind: 'changes',
    classes: 'fixture',
    from_step: 300,
    to_step: 400,
    compared: 100,
    both_right: 0,
    both_wrong: 0,
    p: null,
    ids: null,
    number: Int32Array.from(truth.keys()),
    truth: Int32Array.from(truth),
    before: new Int32Array(truth.length),
    after: new Int32Array(truth.length),
    newly_right: flags('r'),
    newly_wrong: flags('wb'),
    forgotten: flags('fb'),
  };
}

const outcomes = (sentence: Sentence | undefined) => sentence?.flatMap(({ options }) => options?.['predictions.outcome'] ?? []);

describe('changesSentence', () => {
  it('counts what turned, each a link to its list since that step, however it was narrowed down', () => {
    const sentence = changesSentence(changes([0, 0, 1, 1, 2, 2], 'bbfrrf'));
    expect(text(sentence)).toBe('2 samples are newly wrong and 2 are newly right since step 300; 4 that were right once are wrong now');
    expect(outcomes(sentence)).toEqual(['newly_wrong', 'newly_right', 'forgotten']);
    const [first] = sentence ?? [];
    expect(first?.selects).toEqual({ classes: [], sample: null });
    expect(first?.options).toMatchObject({ 'predictions.since': '300', 'predictions.side': 'any', 'predictions.confidence': undefined });
  });

  it('speaks of one in the singular, and not where nothing was lost', () => {
    expect(text(changesSentence(changes([0, 1], 'br')))).toBe('1 sample is newly wrong and 1 is newly right since step 300');
    expect(text(changesSentence(changes([0], 'f')))).toBe('1 sample is wrong now that was right once');
    expect(text(changesSentence(changes([0, 1, 1], 'frf')))).toBe('2 samples are wrong now that were right once');
    expect(changesSentence(changes([0, 1], 'rr'))).toBeUndefined();
    expect(changesSentence(changes([], ''))).toBeUndefined();
  });
});

describe('aloneSentence', () => {
  const comparison = (here: readonly number[], there: readonly number[]) => ({
    ...COMPARED,
    only_this_right: Int32Array.from(here),
    only_other_right: Int32Array.from(there),
  });

  it('counts what only one of both has right, each a link to its list', () => {
    const sentence = aloneSentence(comparison([1, 0, 0], [4, 10, 0]), 'run-a');
    expect(text(sentence)).toBe('14 samples are right in run-a alone, and 1 is right here alone');
    expect(outcomes(sentence)).toEqual(['only_other_right', 'only_this_right']);
    expect(aloneSentence(comparison([0, 0], [0, 0]), 'run-a')).toBeUndefined();
  });
});

it('turned samples are counted by their true class', () => {
  const turned = turnedByClass(changes([0, 0, 1, 1, 2], 'bwfrr'));
  expect([0, 1, 2, 3].map(turned)).toEqual([
    { right: 0, wrong: 2 },
    { right: 1, wrong: 0 },
    { right: 1, wrong: 0 },
    { right: 0, wrong: 0 },
  ]);
});
