import { useState } from 'preact/hooks';
import { Term } from '../../components/Term';
import { latest, useAnswer } from '../../frame/answers';
import { Loading } from '../../frame/PanelFrame';
import { writtenKey } from '../../frame/store';
import { exact, fixed, inFull, rate } from '../../math/format';
import type { SeriesInfo } from '../../panel';
import { Media } from '../examples/Media';
import { useExamples } from '../examples/use_examples';
import { NotTold } from '../predictions/SampleFrame';
import { LabelHistory } from './LabelHistory';
import { Labels } from './LabelRow';
import { type Entry, entriesAt } from './label_sample';

interface Props {
  readonly series: SeriesInfo;
  readonly examples: SeriesInfo | undefined;
  readonly id: string;
  readonly step: number;
  readonly name: (label: number) => string;
  readonly onStep: (step: number) => void;
}

/** A sample with its labels in full: what it looks like, what became of each, and how that came about. */
export function LabelDetails({ series, examples, id, step, name, onStep }: Props) {
  const [tries, setTries] = useState(0);
  const answered = useAnswer(`${writtenKey(series)} ${id} ${tries}`, (source, signal) => source.labelSample(series, id, signal));
  const history = latest(answered)?.payload;
  const place = history?.example ?? -1;
  const example = useExamples(examples, [place])(place);
  if (answered.state === 'failed') return <NotTold failed={answered} retry={() => setTries(tries + 1)} />;
  if (history === undefined) return <Loading />;
  const isOld = (history.id ?? String(history.number)) !== id;
  const at = Array.from(history.step).findLastIndex((each) => each <= step);
  const loss = history.loss[at] ?? Number.NaN;
  return (
    <div class={isOld ? 'ls-samples-waiting' : undefined}>
      <div class="ls-samples-card">
        {place < 0 ? null : <Media example={example} alt={`sample ${id}`} size={160} />}
        {at < 0 ? (
          <p class="ls-soft">No evaluation up to step {inFull(step)} tells of it.</p>
        ) : (
          <div class="ls-samples-verdict">
            <p class="ls-soft">at step {inFull(history.step[at] ?? 0)}</p>
            <dl>
              <dt>
                <Term name="loss of labels">loss</Term>
              </dt>
              <dd title={exact(loss)}>{Number.isNaN(loss) ? '–' : fixed(loss, 2)}</dd>
            </dl>
            <Entries entries={entriesAt(history, at)} name={name} />
          </div>
        )}
      </div>
      <LabelHistory history={history} step={step} name={name} onStep={onStep} />
    </div>
  );
}

/** What became of each label that is true or was told, with its probability. */
function Entries({ entries, name }: { entries: readonly Entry[]; name: (label: number) => string }) {
  if (entries.length === 0) return <p class="ls-soft">No label is true of it, and none was told.</p>;
  return (
    <table class="ls-samples-top" aria-label="labels that are true or were told" data-testid="label-sample">
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.label}>
            <th scope="row">
              <Labels entries={[entry]} name={name} max={22} /> <span class="ls-soft">{SAID[entry.is]}</span>
            </th>
            <td class="ls-samples-share">
              {Number.isNaN(entry.probability) ? null : <span style={{ width: `${100 * entry.probability}%` }} />}
            </td>
            <td title={exact(entry.probability)}>{Number.isNaN(entry.probability) ? '–' : rate(entry.probability)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const SAID = { missed: 'missed', false: 'told falsely', rightly: 'told rightly', 'not counted': 'does not count' } as const;
