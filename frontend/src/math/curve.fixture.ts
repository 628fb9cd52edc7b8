import fc from 'fast-check';

/** Scores of either kind with many ties, in multiples of 1/20. */
export const scored = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 20 }).map((s) => s / 20), positive: fc.boolean() }), { minLength: 1, maxLength: 40 })
  .map((samples) => ({ of: 3, score: samples.map(({ score }) => score), positive: samples.map(({ positive }) => positive) }));
