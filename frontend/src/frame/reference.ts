/** The reference training, as sentences name it and lead to it. */
import type { OtherClasses } from '../math/other_classes';
import type { Reference } from '../math/sentences_predictions';
import type { Selection } from '../selection';
import { called } from './shown';

/**
 * A link to it leaves the same two trainings on the page, the other way round.
 *
 * @param focus The training in focus.
 * @param others What its classes or labels are, where they are others.
 */
export function referenceOf(
  reference: string,
  focus: string,
  { trainings }: Pick<Selection, 'trainings'>,
  others: OtherClasses | undefined,
): Reference {
  const rest = trainings.filter((each) => each !== reference && each !== focus);
  return { name: called(reference), link: (step) => ({ trainings: [reference, ...rest], reference: focus, step }), others };
}
