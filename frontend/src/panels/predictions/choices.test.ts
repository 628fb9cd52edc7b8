import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choices, creditedChoices, filterOf, needsOther, withChoices, withoutOther } from './choices';

const none = choices({});

describe('which samples are listed', () => {
  const filter = (classes: readonly number[], options = {}, threshold: number | null = null, positive?: number) =>
    filterOf({ classes, threshold }, choices(options), positive);

  it('all errors, those of a class either way round, those of a cell', () => {
    expect(filter([])).toEqual({ outcome: 'wrong' });
    expect(filter([3])).toEqual({ truth: 3, outcome: 'wrong' });
    expect(filter([3], { 'predictions.as': 'predicted', 'predictions.outcome': 'any' })).toEqual({ predicted: 3, outcome: 'any' });
    expect(filter([3, 4], { 'predictions.outcome': 'right' })).toEqual({ truth: 3, predicted: 4, outcome: 'any' });
  });

  it('those from a threshold on, below it, or in a range of confidences', () => {
    expect(filter([3, 4], {}, 0.75)).toEqual({ truth: 3, predicted: 4, outcome: 'any', at_least: 0.75 });
    expect(filter([3, 4], { 'predictions.side': 'below' }, 0.75)).toEqual({ truth: 3, predicted: 4, outcome: 'any', below: 0.75 });
    expect(filter([], { 'predictions.confidence': '0.8..1' }, 0.75)).toEqual({
      outcome: 'wrong',
      confidence_bins: '2400..2999',
    });
    expect(filter([], { 'predictions.confidence': `${1 / 15}..${2 / 15}` })).toEqual({ outcome: 'wrong', confidence_bins: '200..399' });
  });

  it('of two classes those on the side of the threshold that the cell is on', () => {
    expect(filter([0, 1], {}, 0.75, 1)).toEqual({ truth: 0, outcome: 'any', at_least: 0.75 });
    expect(filter([1, 0], {}, 0.75, 1)).toEqual({ truth: 1, outcome: 'any', below: 0.75 });
    expect(filter([1], {}, 0.75, 1)).toEqual({ truth: 1, outcome: 'any', below: 0.75 });
    expect(filter([1], { 'predictions.as': 'predicted' }, 0.75, 1)).toEqual({ truth: 0, outcome: 'any', at_least: 0.75 });
  });

  it('of two classes each sample is in one cell, at any threshold', () => {
    fc.assert(
      fc.property(fc.nat(1), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }), fc.nat(1), (truth, p, t, positive) => {
        const cells = [0, 1].flatMap((a) => [0, 1].map((b) => filter([a, b], {}, t / 1000, positive)));
        const has = cells.filter((f) => f.truth === truth && p / 1000 >= (f.at_least ?? 0) && p / 1000 < (f.below ?? 2));
        expect(has).toHaveLength(1);
      }),
    );
  });
});

describe('the choices of a link', () => {
  it('are left at their default where they are none', () => {
    expect(
      choices({ 'predictions.outcome': 'lost', 'predictions.sort': '<b>', 'predictions.since': '-1', 'predictions.confidence': '2..1' }),
    ).toEqual(none);
  });

  it('are those of the matrix, where it is compared with an earlier step', () => {
    expect(choices({ 'confusion_matrix.against': 'step:40' }).since).toBe(40);
    expect(choices({ 'confusion_matrix.against': 'step:40', 'predictions.since': '20' }).since).toBe(20);
  });

  it('come back as they were written', () => {
    expect(choices(withChoices({}, { outcome: 'forgotten', sort: 'doubt', since: '7' }))).toEqual({
      ...none,
      outcome: 'forgotten',
      sort: 'doubt',
      since: 7,
    });
    expect(withChoices({ 'predictions.sort': 'doubt', other: 'x' }, { sort: undefined })).toEqual({ other: 'x' });
  });

  it('asks for what the matrix counts where a truth among the first few is right', () => {
    const top = (more: Record<string, string>, size = 10) => {
      const chosen = creditedChoices(choices({ 'confusion_matrix.credit': '3', ...more }), size);
      return filterOf({ classes: [9, 8], threshold: null }, chosen, undefined);
    };
    expect(top({})).toEqual({ k: 3, truth: 9, predicted: 8, outcome: 'any' });
    expect(top({}, 3).k).toBeUndefined();
    // Two evaluations are compared by the first class alone.
    expect(top({ 'predictions.outcome': 'differ' })).toEqual({ against: 'differ', truth: 9, predicted: 8, outcome: 'any' });
    expect(top({ 'predictions.outcome': 'newly_wrong' }).k).toBeUndefined();
    expect(top({ 'predictions.agreement': '3,4' })).toEqual({ predicted: 3, other_predicted: 4, outcome: 'any' });
    expect(top({ 'confusion_matrix.credit': '7' }).k).toBeUndefined();
  });

  it('leave out what needs another evaluation where there is none', () => {
    const linked = choices({ 'predictions.outcome': 'only_other_right', 'predictions.agreement': '3,4' });
    expect(needsOther(linked)).toBe(true);
    expect(withoutOther(linked)).toMatchObject({ outcome: 'wrong', agreement: undefined });
    expect(choices({ 'predictions.agreement': '3,-4' }).agreement).toBeUndefined();
  });
});
