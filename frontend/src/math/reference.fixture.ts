/** A reference training for tests. */
import type { OtherClasses } from './other_classes';
import type { Reference } from './sentences_predictions';

/** It is called so, and its link leads from the training "own" to it. */
export function named(name: string, others?: OtherClasses): Reference {
  return { name, link: (step) => ({ trainings: [name], reference: 'own', step }), others };
}
