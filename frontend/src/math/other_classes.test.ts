import fc from 'fast-check';
import { expect, it } from 'vitest';
import { otherClasses, sharedText } from './other_classes';

const names = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });

it('are none where names are the same, in whatever order; and from the other side it is the same', () => {
  fc.assert(
    fc.property(names, names, (own, there) => {
      const found = otherClasses(own, there);
      const back = otherClasses(there, own);
      expect(found === undefined).toBe([...own].sort().join() === [...there].sort().join());
      expect(back === undefined).toBe(found === undefined);
      if (found === undefined || back === undefined) return;
      expect([found.shared, found.here, found.more]).toEqual([back.shared, back.more, back.here]);
      expect(found.shared + found.here.length).toBe(own.length);
      expect(found.shared + found.more.length).toBe(there.length);
    }),
  );
});

it('are told by how many are shared, and by name', () => {
  const told = (own: readonly string[], there: readonly string[]) => {
    const found = otherClasses(own, there);
    return found && sharedText(found);
  };
  expect(told([...'abcd'], [...'abce'])).toBe('3 of these 4 are among its 4; only here: d; only there: e');
  expect(told([...'abcdef'], [...'a'])).toBe('1 of these 6 is among its 1; only here: b, c and 3 more');
  expect(told([...'ab'], [...'abcd'])).toBe('2 of these 2 are among its 4; only there: c and d');
  expect(told(['0', '1'], ['00', '01', '02'])).toBe('none of these 2 is among its 3');
  expect(told(['x'.repeat(500), 'a'], ['a'])?.length).toBeLessThan(100);
});
