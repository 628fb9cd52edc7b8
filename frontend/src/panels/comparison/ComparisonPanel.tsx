import { useState } from 'preact/hooks';
import { CopyButton } from '../../components/CopyCode';
import { Label } from '../../components/Label';
import { latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import { called } from '../../frame/shown';
import { writtenKey } from '../../frame/store';
import { inFull } from '../../math/format';
import type { PanelProps, Point, SeriesInfo } from '../../panel';
import { otherPredictions } from '../predictions/other';
import { LINE } from '../predictions/Predictions';
import './comparison.css';
import { Compared } from './Compared';

/** What two models make of the same samples: who is right where the other is not. */
export function ComparisonPanel(props: PanelProps<'classes'>) {
  const { asked = [], focus, selection } = props;
  const own = asked.find(({ kind, training }) => kind === 'predictions' && training === focus);
  const other = own && otherPredictions(props, own);
  if (own !== undefined && other !== undefined)
    return <Asked key={`${writtenKey(own)} ${other.training}`} {...props} own={own} other={other} />;
  const wanted = selection.reference ?? asked.find(({ training }) => training !== focus)?.training ?? null;
  if (own === undefined || wanted === null || wanted === focus) return null;
  const hasMatrix = asked.some(({ training, kind }) => training === wanted && kind === 'confusion_matrix');
  return (
    <section class="ls-comparison" aria-label="two models on the same samples">
      <h2>Two models on the same samples</h2>
      <p class="ls-partly">
        {hasMatrix ? (
          <>
            <Label text={called(wanted)} max={40} /> does not tell of single samples, so which ones it gets right is not known.{' '}
            <code>{LINE}</code> adds them. <CopyButton text={LINE} />
          </>
        ) : (
          <>
            <Label text={called(wanted)} max={40} /> has no evaluation{' '}
            {own.evaluation === null ? 'of this name' : <Label text={own.evaluation} max={24} />}: there is nothing to compare with.
          </>
        )}
      </p>
    </section>
  );
}

type AskedProps = PanelProps<'classes'> & { readonly own: SeriesInfo; readonly other: SeriesInfo };

function Asked(props: AskedProps) {
  const { own, other, step } = props;
  const [tries, setTries] = useState(0);
  const [here, there] = [Math.min(step, own.lastStep), Math.min(step, other.lastStep)];
  const answered = useAnswer(`${writtenKey(own)} ${here} ${writtenKey(other)} ${there} ${tries}`, (source, signal) =>
    source.compare(own, here, other, there, signal),
  );
  const point = latest(answered);
  return (
    <section class="ls-comparison" aria-label="two models on the same samples" data-testid="comparison">
      <Heading own={own} other={other} step={step} point={point} />
      {answered.state === 'failed' ? (
        <Failure problem={answered.problem} request={answered.request} retry={() => setTries(tries + 1)} />
      ) : null}
      {point === null ? (
        answered.state === 'failed' ? null : (
          <Loading />
        )
      ) : (
        <div class={answered.state === 'loading' ? 'ls-comparison-waiting' : undefined}>
          <Compared {...props} point={point} />
        </div>
      )}
    </section>
  );
}

/** "training · evaluation · step N against the other one at step M". */
function Heading({ own, other, step, point }: { own: SeriesInfo; other: SeriesInfo; step: number; point: Point<'comparison'> | null }) {
  return (
    <h2>
      <Label text={called(own.training)} max={40} /> · <Label text={own.evaluation ?? own.tag} max={28} /> · step{' '}
      {inFull(point?.step ?? step)} against <Label text={called(other.training)} max={40} />
      {point === null ? '' : ` at step ${inFull(point.payload.other_step)}`}, sample by sample
    </h2>
  );
}
