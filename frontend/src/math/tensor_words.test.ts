import { expect, test } from 'vitest';
import { shortNames } from './tensor_words';

test('names that would read the same are told apart by the part in which they differ', () => {
  const blocks = [0, 1, 2].map((k) => `encoder/block_${k}/attention_output_with_a_long_name`);
  expect(shortNames(blocks, 18)).toEqual(['block_0/…long_name', 'block_1/…long_name', 'block_2/…long_name']);
  expect(shortNames(blocks, 8)).toEqual(['block_0', 'block_1', 'block_2']);
  for (const most of [8, 10, 12, 20, 30]) {
    const short = shortNames(blocks, most);
    expect(new Set(short).size).toBe(3);
    expect(Math.max(...short.map((name) => name.length))).toBeLessThanOrEqual(most);
  }
});

test('names that have room, and those that differ at their ends, stay as they are', () => {
  expect(shortNames(['stem', 'head/dense'], 18)).toEqual(['stem', 'head/dense']);
  expect(shortNames(['a_long_group_name/conv_1', 'a_long_group_name/conv_2'], 12)).toEqual(['…/conv_1', '…/conv_2']);
  // Equal paths cannot be told apart.
  expect(shortNames(['x'.repeat(40), 'x'.repeat(40)], 10)).toHaveLength(2);
});
