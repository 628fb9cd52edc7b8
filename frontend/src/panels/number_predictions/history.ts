/** A sample of a regression through a training, in words: pure. */
import { number, plural } from '../../math/format';

/** Where it began, where it came nearest, and where it ended, as distances from the truth. */
export function historySentence(truth: number, predicted: readonly number[]): string {
  if (Number.isNaN(truth)) return `Its truth is not known, at ${plural(predicted.length, 'evaluation')}.`;
  const away = predicted.map((each) => Math.abs(each - truth));
  const [first = 0, last = 0] = [away[0], away.at(-1)];
  if (predicted.length < 2) return `${number(last)} away from the truth, at the one evaluation.`;
  const nearest = Math.min(...away);
  const end = `First ${number(first)} away from the truth, at last ${number(last)}`;
  return nearest < Math.min(first, last) ? `${end}; nearest ${number(nearest)}.` : `${end}.`;
}
