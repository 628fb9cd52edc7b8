import { csv, type Format, json } from '../../components/download';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import type { Normalise } from '../../math/confusion';
import { numbers, rows } from './download';
import { type Evaluation, titleOf } from './evaluation';
import type { Picture } from './paint';
import { MOST_VECTORS, vectors } from './vectors';

interface Props {
  readonly evaluation: Evaluation;
  readonly picture: Picture;
  readonly by: Normalise;
  /** What is on screen. */
  readonly shown: () => HTMLElement | null;
}

/** Saves the matrix: its numbers in the order shown, or its picture with axes and legend. */
export function Save({ evaluation, picture, by, shown }: Props) {
  const { series, point } = evaluation;
  const svg: Format = {
    label: 'SVG',
    ...(evaluation.confusion.size > MOST_VECTORS ? { refusal: `up to ${MOST_VECTORS} classes` } : {}),
    make: () => {
      const canvas = shown()?.querySelector('canvas');
      return canvas == null
        ? null
        : new Blob([vectors(evaluation, picture, canvas, shown()?.querySelector('.ls-confusion-legend')?.textContent ?? '')], {
            type: 'image/svg+xml',
          });
    },
  };
  return (
    <SaveMenu
      what="the confusion matrix"
      subject={{ training: series.training, evaluation: series.evaluation, step: point.step }}
      formats={[
        { label: 'CSV', make: () => csv(rows(evaluation, picture.grid)) },
        { label: 'JSON', make: () => json(numbers(evaluation, by)) },
        asPicture(shown, titleOf(evaluation)),
        svg,
      ]}
    />
  );
}
