import { csv, json } from '../../components/download';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { asVectors } from '../../components/vectors';
import { cellRows, numbersOf } from './download';
import { type Evaluation, titleOf } from './evaluation';
import { targetName } from './words';

interface Props {
  /** The one in focus first. */
  readonly evaluations: readonly [Evaluation, ...Evaluation[]];
  /** What is on screen. */
  readonly shown: () => HTMLElement | null;
}

/** Saves the pictures as they are, or the cells and numbers behind them. */
export function Save({ evaluations, shown }: Props) {
  const [own] = evaluations;
  const title = titleOf(own);
  return (
    <SaveMenu
      what="the regression"
      subject={{
        training: own.series.training,
        evaluation: own.series.evaluation,
        part: targetName(own.point.payload.targets, own.target.index),
        step: own.point.step,
      }}
      formats={[
        { label: 'CSV', make: () => csv(cellRows(own.target)) },
        { label: 'JSON', make: () => json(numbersOf(evaluations)) },
        asPicture(shown, title),
        asVectors(shown, title),
      ]}
    />
  );
}
