import { describe, expect, it } from 'vitest';
import { choices, withChoices } from './choices';

describe('choices', () => {
  it('come back as they were written, and default where a link says nothing or nonsense', () => {
    const written = withChoices(
      { 'scalars.axis': 'time' },
      { normalise: 'lift', axes: 'transposed', against: 'step:300', find: 'cat', groups: 'found', open: '3,5', cut: '0.5' },
    );
    expect(choices(written, 10)).toMatchObject({
      by: 'lift',
      transposed: true,
      against: 300,
      find: 'cat',
      grouping: 'found',
      open: [3, 5],
      cut: 0.5,
      order: 'given',
    });
    expect(written['scalars.axis']).toBe('time');
    const nonsense = withChoices({}, { against: 'step:-3', cut: '7', open: 'a,,2' });
    expect(choices({ ...nonsense, 'confusion_matrix.normalise': '<b>' }, 10)).toMatchObject({
      by: 'row',
      against: 'nothing',
      cut: undefined,
      open: [2],
    });
  });

  it('count among the first few only where there are more classes than these', () => {
    const credit = (written: string, size: number) => choices(withChoices({}, { credit: written }), size).credit;
    expect([credit('5', 10), credit('5', 5), credit('3', 4), credit('3', 3), credit('2', 10), credit('<b>', 10)]).toEqual([
      5, 1, 3, 1, 1, 1,
    ]);
  });

  it('take a choice back to its default', () => {
    const written = withChoices(withChoices({}, { find: 'cat', against: 'reference' }), { find: '', against: undefined });
    expect(written).toEqual({});
  });

  it('order by confusion where there are many classes, and as given where there are too many for that', () => {
    expect([20, 21, 6000, 6001].map((size) => choices({}, size).order)).toEqual(['given', 'confusion', 'confusion', 'given']);
  });
});
