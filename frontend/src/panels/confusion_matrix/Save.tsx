import { csv, json, png } from '../../components/download';
import { pictureOf } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { inFull } from '../../math/format';
import { numbers, rows } from './download';
import type { Evaluation } from './evaluation';
import type { Grid } from './grid';

interface Props {
  readonly evaluation: Evaluation;
  readonly grid: Grid;
  /** What is on screen. */
  readonly picture: () => HTMLElement | null;
}

/** Saves the matrix: its numbers in the order shown, or its picture with axes and legend. */
export function Save({ evaluation, grid, picture }: Props) {
  const { series, point } = evaluation;
  const title = `${series.training} · ${series.evaluation ?? series.tag} · step ${inFull(point.step)}`;
  return (
    <SaveMenu
      what="the confusion matrix"
      subject={{ run: series.run, tag: series.tag, step: point.step }}
      formats={[
        { label: 'CSV', make: () => csv(rows(evaluation, grid)) },
        { label: 'JSON', make: () => json(numbers(evaluation)) },
        {
          label: 'PNG',
          make: async () => {
            const shown = picture();
            return shown === null ? null : png(await pictureOf(shown, title));
          },
        },
      ]}
    />
  );
}
