import { useEffect, useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { Loading } from '../../frame/PanelFrame';
import { writtenKey } from '../../frame/store';
import { plural } from '../../math/format';
import type { PanelProps, Point, SeriesInfo } from '../../panel';
import { EVERYTHING } from '../../source';
import { Media } from './Media';
import { type Example, examplesIn, release } from './media';

/** Examples of an evaluation whose predictions are not logged: to look at, and no more is known of them. */
export function Examples({ asked = [], focus }: PanelProps<'classes'>) {
  const own = asked.filter(({ training }) => training === focus);
  const series = own.find(({ kind }) => kind === 'examples');
  if (series === undefined || own.some(({ kind }) => TOLD.has(kind))) return null;
  return <Alone series={series} />;
}

/** Kinds whose lists show the examples. */
const TOLD: ReadonlySet<string> = new Set(['predictions', 'label_predictions', 'number_predictions']);

/** More than anybody looks at one by one. */
const MOST = 200;

function Alone({ series }: { series: SeriesInfo }) {
  const [tries, setTries] = useState(0);
  const answered = useAnswer(`${writtenKey(series)} ${tries}`, (source, signal) => source.points(series, EVERYTHING, signal));
  const points = latest(answered)?.points.examples;
  const examples = useReleased(points);
  const ids = (points ?? []).flatMap(({ payload }) => payload.ids ?? Array.from(payload.number, String));
  return (
    <section aria-label="examples">
      <h2>Examples</h2>
      {answered.state === 'failed' ? (
        <Failure problem={answered.problem} request={answered.request} retry={() => setTries(tries + 1)} />
      ) : null}
      {points === undefined ? (
        answered.state === 'failed' ? null : (
          <Loading />
        )
      ) : (
        <>
          <p class="ls-partly">
            {plural(examples.length, 'example')}, and what was predicted of them is not logged.{' '}
            <code>Evaluation(names, score="prob").update(y_val, p, ids=ids).write(run, "validation", step)</code> adds that.
          </p>
          <ul class="ls-examples">
            {examples.slice(0, MOST).map((example, i) => (
              <li key={ids[i]}>
                <Media example={example} alt={`sample ${ids[i]}`} size={96} short />
                <Label text={ids[i] ?? ''} max={14} />
              </li>
            ))}
          </ul>
          {examples.length > MOST ? <p class="ls-soft">The first {MOST} are shown.</p> : null}
        </>
      )}
    </section>
  );
}

/** The examples of some points, let go when others come. */
function useReleased(points: readonly Point<'examples'>[] | undefined): readonly Example[] {
  const [examples, setExamples] = useState<readonly Example[]>([]);
  useEffect(() => {
    const made = examplesIn(points ?? []);
    setExamples(made);
    return () => release(made);
  }, [points]);
  return examples;
}
