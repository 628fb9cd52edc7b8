/** How well predictions keep the order of the classes, in a sentence. */
import type { Confusion } from './confusion';
import { decimals } from './format';
import { MATRIX, type Sentence } from './sentences_predictions';
import { weightedKappa } from './weighted_kappa';

/** "Weighted κ 0.71 linear, 0.83 quadratic"; undefined where there is none. */
export function kappaSentence(c: Confusion): Sentence | undefined {
  const [linear, quadratic] = [weightedKappa(c, 'linear'), weightedKappa(c, 'quadratic')];
  if (linear === undefined || quadratic === undefined) return undefined;
  return [
    { text: 'Weighted κ', selects: { classes: [] }, shows: MATRIX, term: 'weighted κ' },
    { text: ' ' },
    { text: decimals(linear, 2), exact: linear },
    { text: ' linear, ', tone: 'soft' },
    { text: decimals(quadratic, 2), exact: quadratic },
    { text: ' quadratic', tone: 'soft' },
  ];
}
