import { inFull } from '../math/format';
import { Label } from './Label';

/** An evaluation of one series: of which training, and at which step it was made. */
interface Shown {
  readonly series: { readonly training: string; readonly evaluation: string | null; readonly tag: string };
  readonly point: { readonly step: number };
}

interface Props {
  readonly shown: Shown;
  readonly reference: Shown | undefined;
  /** The step that is asked for; the evaluation may be an earlier one. */
  readonly step: number;
}

/** What is shown, and against what: `digits · validation · step 1 200`. */
export function EvaluationTitle({ shown: { series, point }, reference, step }: Props) {
  return (
    <h2>
      <Label text={series.training} max={48} /> · <Label text={series.evaluation ?? series.tag} max={32} /> · step {inFull(point.step)}
      {point.step === step ? null : (
        <span title={`the last evaluation at or before step ${inFull(step)}`}> (the last before {inFull(step)})</span>
      )}
      {reference === undefined ? null : (
        <>
          {' '}
          · against <Label text={reference.series.training} max={32} /> at step {inFull(reference.point.step)}
        </>
      )}
    </h2>
  );
}
