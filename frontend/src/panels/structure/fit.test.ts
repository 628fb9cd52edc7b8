import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitEnd, fitName, fitParts, widthOf } from './fit';

test('what is cut fits, and what fits is whole', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(fc.constantFrom('Conv2D', 'BatchNorm', 'ReLU')).map((parts) => parts.join(' · ')),
  );
  fc.assert(
    fc.property(texts, fc.integer({ min: 12, max: 300 }), (text, room) => {
      for (const [cut, font] of [
        [fitName(text, room), 'name'],
        [fitParts(text, room), 'what'],
        [fitEnd(text, room), 'what'],
      ] as const) {
        expect(widthOf(cut, font)).toBeLessThanOrEqual(room);
        if (widthOf(text, font) <= room) expect(cut.length).toBe(text.length);
      }
    }),
  );
});

test('a name is cut in its middle, a description at its parts, a sentence at its end', () => {
  expect(fitName('multi_head_attention_3', 100)).toMatch(/^multi.*….*_3$/);
  expect(fitParts('Conv2D · BatchNorm · ReLU', 120)).toBe('Conv2D · BatchNorm …');
  expect(fitEnd('copy 2 of 5 shown · differs in: block1', 180)).toMatch(/^copy 2 of 5 shown · dif.*…$/);
});
