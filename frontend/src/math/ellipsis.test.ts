import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { middle, visible } from './ellipsis';

const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text), (part) => part.segment);

describe('middle', () => {
  it('keeps what is short, and the two ends of what is long', () => {
    expect(middle('stage_1', 7)).toBe('stage_1');
    expect(middle('stage_1/block_2/conv', 9)).toBe('stag…conv');
    expect(middle('abcdef', 1)).toBe('…');
  });

  it('never cuts a grapheme in two', () => {
    expect(middle('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3)).toBe('👩‍👩‍👧‍👦…👩‍👩‍👧‍👦');
    expect(middle('e\u0301e\u0301e\u0301', 3)).toBe('e\u0301e\u0301e\u0301');
  });

  it('is never longer than asked, and begins and ends as the whole does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const short = middle(text, max);
        if (short === text) return;
        const [head = '', tail = ''] = short.split('…');
        expect(graphemes(head).length + graphemes(tail).length + 1).toBeLessThanOrEqual(max);
        expect(text.startsWith(head)).toBe(true);
        expect(text.endsWith(tail)).toBe(true);
      }),
    );
  });
});

it('makes line breaks and other controls visible', () => {
  expect(visible('two\nlines\t\u0000\u007f')).toBe('two␊lines␉␀␡');
});
