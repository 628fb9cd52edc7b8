import { describe, expect, it } from 'vitest';
import type { Changes } from '../schema.gen';
import type { Sentence } from './sentences_predictions';
import { changesSentence, turnedByClass } from './sentences_samples';

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

describe('changesSentence', () => {
  it('counts what turned, each a link to its list since that step', () => {
    const sentence = changesSentence(changes([0, 0, 1, 1, 2], 'bwfrr'));
    expect(text(sentence)).toBe('2 samples are newly wrong, 2 are forgotten and 2 are newly right since step 300');
    const links = sentence?.flatMap(({ options }) => (options === undefined ? [] : [options]));
    expect(links).toEqual([
      { 'predictions.outcome': 'newly_wrong', 'predictions.since': '300' },
      { 'predictions.outcome': 'forgotten', 'predictions.since': '300' },
      { 'predictions.outcome': 'newly_right', 'predictions.since': '300' },
    ]);
  });

  it('speaks of one in the singular, and not of what only got better', () => {
    expect(text(changesSentence(changes([0], 'w')))).toBe('1 sample is newly wrong since step 300');
    expect(changesSentence(changes([0, 1], 'rr'))).toBeUndefined();
    expect(changesSentence(changes([], ''))).toBeUndefined();
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
