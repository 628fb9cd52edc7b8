import { describe, expect, it } from 'vitest';
import { cellText } from './cell_text';

describe('cellText', () => {
  it.each([
    [0.012, '1.2'],
    [0.03, '3.0'],
    [0.0996, '10'],
    [0.92, '92'],
    [1, '100'],
    [0, '0'],
  ])('%d as a percentage is %s', (rate, text) => {
    expect(cellText(rate, 'row')).toBe(text);
  });

  it('never claims all or nothing of what is not', () => {
    expect(cellText(0.9999, 'row')).toBe('>99');
    expect(cellText(0.0001, 'row')).toBe('<0.1');
  });

  it('writes counts, also large and weighted ones', () => {
    expect(cellText(12, 'count')).toBe('12');
    expect(cellText(3_000_000_001, 'count')).toBe('3\u202fG');
    expect(cellText(2.3456, 'count')).toBe('2.35');
  });
});
