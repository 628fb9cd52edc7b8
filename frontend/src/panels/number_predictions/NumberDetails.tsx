import { useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { latest, useAnswer } from '../../frame/answers';
import { Loading } from '../../frame/PanelFrame';
import { writtenKey } from '../../frame/store';
import { exact, inFull, number } from '../../math/format';
import type { SeriesInfo } from '../../panel';
import { Media } from '../examples/Media';
import { useExamples } from '../examples/use_examples';
import { NotTold } from '../predictions/SampleFrame';
import { signedText, targetName } from '../regression/words';
import { NumberHistory } from './NumberHistory';

interface Props {
  readonly series: SeriesInfo;
  readonly examples: SeriesInfo | undefined;
  readonly id: string;
  /** The target that is looked at, by its place. */
  readonly target: number;
  readonly step: number;
  readonly colour: string;
  readonly onStep: (step: number) => void;
}

/** A sample of a regression in full: what it looks like, what was predicted of it, and how that came about. */
export function NumberDetails({ series, examples, id, target, step, colour, onStep }: Props) {
  const [tries, setTries] = useState(0);
  const answered = useAnswer(`${writtenKey(series)} ${id} ${tries}`, (source, signal) => source.numberSample(series, id, signal));
  const history = latest(answered)?.payload;
  const place = history?.example ?? -1;
  const example = useExamples(examples, [place])(place);
  if (answered.state === 'failed') return <NotTold failed={answered} retry={() => setTries(tries + 1)} />;
  if (history === undefined) return <Loading />;
  const isOld = (history.id ?? String(history.number)) !== id;
  const { targets } = history;
  const own = target < targets.length ? target : 0;
  const at = Array.from(history.step).findLastIndex((each) => each <= step);
  return (
    <div class={isOld ? 'ls-samples-waiting' : undefined}>
      <div class="ls-samples-card">
        {place < 0 ? null : <Media example={example} alt={`sample ${id}`} size={160} />}
        {at < 0 ? (
          <p class="ls-soft">No evaluation up to step {inFull(step)} tells of it.</p>
        ) : (
          <div class="ls-samples-verdict">
            <p class="ls-soft">at step {inFull(history.step[at] ?? 0)}</p>
            <table class="ls-samples-values" data-testid="number-sample">
              <thead>
                <tr>
                  {targets.length > 1 ? <th scope="col">target</th> : null}
                  <th scope="col">true</th>
                  <th scope="col">predicted</th>
                  <th scope="col">error</th>
                </tr>
              </thead>
              <tbody>
                {targets.map((_, k) => {
                  const [truth = Number.NaN, predicted = Number.NaN] = [history.truth[k], history.predicted[at * targets.length + k]];
                  return (
                    <tr key={k} class={k === own && targets.length > 1 ? 'ls-samples-truth' : undefined}>
                      {targets.length > 1 ? (
                        <th scope="row">
                          <Label text={targetName(targets, k)} max={22} />
                        </th>
                      ) : null}
                      <Value of={truth} />
                      <Value of={predicted} />
                      <td title={exact(predicted - truth)}>
                        {Number.isNaN(predicted - truth) ? '–' : signedText(predicted - truth, number)}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </div>
      <NumberHistory history={history} target={own} step={step} colour={colour} onStep={onStep} />
    </div>
  );
}

function Value({ of }: { of: number }) {
  return <td title={exact(of)}>{Number.isNaN(of) ? '–' : number(of)}</td>;
}
