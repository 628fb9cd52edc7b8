/** The marks of an axis of values. */
import { valueTexts, valueTicks } from '../../charts/ticks';
import { isLinear, type Symlog, standing, symlogTicks } from '../../math/symlog';

export interface Mark {
  readonly value: number;
  readonly text: string;
  /** From the low end to the high one, 0 to 1. */
  readonly at: number;
}

/**
 * @param length Of the axis in CSS pixels.
 * @param apart How far marks stand apart at least.
 */
export function marksOf(axis: Symlog, length: number, apart: number): readonly Mark[] {
  const most = Math.max(2, length / apart);
  const values = isLinear(axis) ? even(axis, most) : symlogTicks(axis, most);
  const texts = valueTexts(values);
  const [low, high] = [standing(axis.low, axis), standing(axis.high, axis)];
  return values.map((value, i) => ({ value, text: texts[i] ?? '', at: (standing(value, axis) - low) / (high - low) }));
}

/** Round values that have room. */
function even({ low, high }: Symlog, most: number): readonly number[] {
  for (let wanted = Math.floor(most); wanted > 0; wanted--) {
    const found = valueTicks([low, high], 'linear', wanted);
    const gap = (found[1] ?? high) - (found[0] ?? low);
    if (found.length > 1 && gap / (high - low) >= 1 / most) return found;
  }
  return [...new Set([low, 0, high])];
}
