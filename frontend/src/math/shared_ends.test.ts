import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutShared } from './shared_ends';

const short = (names: readonly string[]) => names.map(withoutShared(names));

describe('withoutShared', () => {
  it('leaves the words in which names differ, and the one before', () => {
    const name = (k: number) => `Passer domesticus subspecies number ${k} of the lowlands (adult)`;
    expect(short([3, 30, 31].map(name))).toEqual(['…number 3…', '…number 30…', '…number 31…']);
    expect(short(['animals/birds/house sparrow', 'animals/birds/tree sparrow'])).toEqual(['…birds/house…', '…birds/tree…']);
    expect(short(['a name that is long', 'a name that is longer, at that'])).toEqual(['…is long', '…is longer, at that']);
  });

  it('leaves whole what is short, shares little, or stands alone, and names of others', () => {
    const alone = ['a rather long name of one alone'];
    for (const names of [['cat', 'dog'], ['a common name 1', 'a common name 2'], alone, [], ['', 'a rather long name of another one']]) {
      expect(short(names)).toEqual(names);
    }
    expect(withoutShared(['a shared and long beginning 1', 'a shared and long beginning 2'])('unknown truth')).toBe('unknown truth');
  });

  it('keeps names apart, and cuts nothing off that not all of them have', () => {
    const word = fc.stringMatching(/^[a-c]{1,8}$/);
    const some = fc.array(word, { maxLength: 6 });
    fc.assert(
      fc.property(some, some, fc.uniqueArray(word, { minLength: 2, maxLength: 5 }), (before, after, middles) => {
        const names = middles.map((each) => [...before, each, ...after].join(' '));
        const shown = short(names);
        expect(new Set(shown).size).toBe(names.length);
        for (const [k, name] of names.entries()) {
          const each = shown[k] ?? '';
          expect(name).toContain(each.replace(/^…|…$/g, ''));
          if (each.startsWith('…')) expect(names.every((other) => other.startsWith(name.slice(0, 8)))).toBe(true);
          if (each.endsWith('…')) expect(names.every((other) => other.endsWith(name.slice(-8)))).toBe(true);
        }
      }),
    );
  });
});
