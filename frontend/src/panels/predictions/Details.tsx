import { useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { latest, useAnswer } from '../../frame/answers';
import { Loading } from '../../frame/PanelFrame';
import { called } from '../../frame/shown';
import { writtenKey } from '../../frame/store';
import { exact, fixed, inFull, rate } from '../../math/format';
import type { SeriesInfo } from '../../panel';
import { Media } from '../examples/Media';
import { useExamples } from '../examples/use_examples';
import { story } from './asking';
import { History } from './History';
import { type Beside, NotTold, SampleFrame } from './SampleFrame';
import { type Names, type Sample, verdict } from './sample';
import { Classes } from './Tile';

interface Props {
  readonly series: SeriesInfo;
  /** Predictions of another training, of the same samples. */
  readonly other: { readonly series: SeriesInfo; readonly names: (classes: string) => Names; readonly colour: string } | undefined;
  readonly examples: SeriesInfo | undefined;
  readonly id: string;
  readonly step: number;
  readonly names: (classes: string) => Names;
  readonly colour: string;
  /** Ids before and after it in the list it was opened from. */
  readonly beside: Beside;
  readonly onStep: (step: number) => void;
  readonly onOpen: (id: string) => void;
  readonly onBack: () => void;
}

/** A sample in full: what it looks like, what was predicted of it, and how that came about. */
export function Details({ series, other, examples, id, step, names: namesOf, colour, beside, onStep, onOpen, onBack }: Props) {
  const [tries, setTries] = useState(0);
  const answered = useAnswer(`${writtenKey(series)} ${step} ${id} ${tries}`, (source, signal) => story(source, series, id, step, signal));
  const told = latest(answered);
  const isMissing = answered.state === 'failed' && answered.isMissing;
  // Where the other one does not tell of it there is nothing to draw beside it.
  const there = useAnswer(other === undefined ? null : `${writtenKey(other.series)} ${id}`, (source, signal) =>
    other === undefined ? Promise.reject(new Error('nothing is asked')) : source.sample(other.series, id, signal),
  );
  const thereTold = other === undefined || there.state !== 'ready' || ownId(there.answer.payload) !== id ? undefined : there.answer.payload;
  const place = told?.history.payload.example ?? -1;
  const example = useExamples(examples, [place])(place);

  const names = namesOf(told?.history.payload.classes ?? '');
  const isOld = told !== null && ownId(told.history.payload) !== id;
  return (
    <SampleFrame id={id} beside={beside} onOpen={onOpen} onBack={onBack}>
      {answered.state !== 'failed' ? null : <NotTold failed={answered} retry={() => setTries(tries + 1)} />}
      {told === null || isMissing ? (
        answered.state === 'failed' ? null : (
          <Loading />
        )
      ) : (
        <div class={isOld ? 'ls-samples-waiting' : undefined}>
          <div class="ls-samples-card">
            {place < 0 ? null : <Media example={example} alt={`sample ${id}`} size={160} />}
            {told.told === undefined ? (
              <p class="ls-soft">No evaluation up to step {inFull(step)} tells of it.</p>
            ) : (
              <Verdict sample={told.told} names={names} step={told.step ?? step} />
            )}
          </div>
          <History
            history={told.history.payload}
            names={names}
            step={step}
            colour={colour}
            other={
              other === undefined || thereTold === undefined
                ? undefined
                : { history: thereTold, names: other.names(thereTold.classes), colour: other.colour, training: other.series.training }
            }
            onStep={onStep}
          />
          {other !== undefined && there.state === 'failed' ? (
            <p class="ls-soft">
              <Label text={called(other.series.training)} max={32} /> does not tell of it.
            </p>
          ) : null}
        </div>
      )}
    </SampleFrame>
  );
}

function ownId({ id, number }: { readonly id: string | null; readonly number: number }): string {
  return id ?? String(number);
}

/** What was predicted of it, and what else was likely. */
function Verdict({ sample, names, step }: { sample: Sample; names: Names; step: number }) {
  const is = verdict(sample, names);
  return (
    <div class="ls-samples-verdict">
      <p>
        <Classes sample={sample} names={names} letters={24} />{' '}
        <span class="ls-soft">
          {is === 'unknown' ? '' : `${is} `}at step {inFull(step)}
        </span>
      </p>
      <dl>
        <dt>
          <Term name="confidence of a prediction">
            {names.positive === undefined ? 'confidence' : `probability of ${names.predicted(names.positive)}`}
          </Term>
        </dt>
        <dd title={exact(sample.confidence)}>{rate(sample.confidence)}</dd>
        <dt>
          <Term name="loss of a sample">loss</Term>
        </dt>
        <dd title={exact(sample.loss)}>{Number.isNaN(sample.loss) ? '–' : fixed(sample.loss, 2)}</dd>
        {sample.rank === 0 ? null : (
          <>
            <dt>
              <Term name="place of the truth">the truth came</Term>
            </dt>
            <dd>{sample.rank >= 255 ? '255th or later' : ordinal(sample.rank)}</dd>
          </>
        )}
      </dl>
      {sample.top.length === 0 ? (
        <p class="ls-soft">The five best classes are stored of the samples with the largest loss alone.</p>
      ) : (
        <table class="ls-samples-top" aria-label="the classes with the highest scores">
          <tbody>
            {sample.top.map(({ id, probability }) => (
              <tr key={id} class={id === sample.truth ? 'ls-samples-truth' : undefined}>
                <th scope="row">
                  <Label text={names.truth(id)} max={22} />
                  {id === sample.truth ? <span class="ls-soft"> truth</span> : null}
                </th>
                <td class="ls-samples-share">
                  <span style={{ width: `${100 * probability}%` }} />
                </td>
                <td title={exact(probability)}>{rate(probability)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function ordinal(n: number): string {
  const end = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${end}`;
}
