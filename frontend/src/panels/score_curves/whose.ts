/** Whose probability a confidence is, and what follows for the words of its pictures. */
import type { Calibration } from '../../schema.gen';

/** What curves are of. */
export type Noun = 'class' | 'label';

export const MANY = { class: 'classes', label: 'labels' } as const;

interface Words {
  /** What is counted. */
  readonly each: string;
  /** Titles of the axes of the reliability diagram. */
  readonly confidence: string;
  readonly accuracy: string;
  /** What the share of a bin is, and its confidence. */
  readonly right: string;
  readonly sure: string;
}

export const WORDS: { readonly [P in Calibration['of']]: Words } = {
  'predicted class': { each: 'samples', confidence: 'confidence', accuracy: 'accuracy', right: 'right', sure: 'sure' },
  'positive class': {
    each: 'samples',
    confidence: 'probability of the positive class',
    accuracy: 'share of positives',
    right: 'positive',
    sure: 'mean probability',
  },
  label: {
    each: 'decisions',
    confidence: 'probability of the label',
    accuracy: 'share that is true',
    right: 'true',
    sure: 'mean probability',
  },
};

/** What its pictures are of, where the curves beside them are of something else, or of one label: nothing where it is plain. */
export function pooledOver({ of }: Calibration, isOfOne: boolean): string {
  if (of === 'label') return 'all labels pooled';
  return of === 'predicted class' && isOfOne ? 'all classes' : '';
}
