import { useRef } from 'preact/hooks';
import { type Field, ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { latest, useAnswer } from '../../frame/answers';
import { called } from '../../frame/shown';
import { writtenKey } from '../../frame/store';
import { classesOf } from '../../math/classes';
import { between, count, exact, inFull, percentInColumn } from '../../math/format';
import type { PanelProps, SeriesInfo } from '../../panel';
import type { TopK as Payload } from '../../schema.gen';
import { otherPredictions } from '../predictions/other';
import { leftOutText, lineOf, placeOf, type Row, rowsOf } from './rows';
import './top_k.css';

/** What is said at a glance. */
const IN_SHORT: readonly number[] = [3, 5];

/** Least number of classes of which the first few say more than the first. */
const LEAST = 4;

/** How often the truth is among the first few classes, at the step and over all of them. */
export function TopK(props: PanelProps<'classes'>) {
  const own = (props.asked ?? []).find(({ kind, training }) => kind === 'predictions' && training === props.focus);
  return own === undefined ? null : <Told {...props} own={own} />;
}

function Told(props: PanelProps<'classes'> & { readonly own: SeriesInfo }) {
  const { own, series, step, colour } = props;
  const box = useRef<HTMLTableElement>(null);
  const other = otherPredictions(props, own);
  const told = useTopK(own);
  const there = useTopK(other);
  const size = told === null ? 0 : (classesOf(series.classes, told.classes, own.run)?.labels.length ?? 0);
  const place = told === null ? -1 : placeOf(told, step);
  if (told === null || place < 0 || size < LEAST) return null;
  const rows = rowsOf(told, place, size);
  const placeThere = there === null ? -1 : placeOf(there, step);
  const rowsThere = there === null || placeThere < 0 ? undefined : rowsOf(there, placeThere, size);
  const at = told.step[place] ?? step;
  const leftOut = leftOutText(told, place);
  const title = `${called(own.training)} · ${own.evaluation ?? own.tag} · step ${inFull(at)}`;
  return (
    <section class="ls-topk" aria-label="how often the truth is among the first classes">
      <h2>
        <Term name="top-k accuracy">Among the first classes</Term>
        {at === step ? null : <span class="ls-soft"> at step {inFull(at)}</span>}
      </h2>
      <details>
        <summary data-testid="top-k-summary">
          {rows
            .filter(({ k }) => IN_SHORT.includes(k))
            .map(({ k, accuracy }) => `${share(accuracy)} among the first ${k}`)
            .join(', ')}
        </summary>
        <table ref={box} data-testid="top-k">
          <thead>
            <tr>
              <th scope="col">first</th>
              <th scope="col">right</th>
              <th scope="col">95 % interval</th>
              {rowsThere === undefined || other === undefined ? null : (
                <th scope="col">
                  <Label text={called(other.training)} max={14} />
                </th>
              )}
              <th scope="col">over time</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.k} data-k={row.k} data-value={row.accuracy}>
                <th scope="row">{row.k}</th>
                <td title={inWords(row, told.samples[place] ?? 0)}>{share(row.accuracy)}</td>
                <td class="ls-soft">{between(row, share)}</td>
                {rowsThere === undefined ? null : (
                  <td title={`at step ${inFull(there?.step[placeThere] ?? 0)}`}>{share(rowsThere[row.k - 1]?.accuracy ?? Number.NaN)}</td>
                )}
                <td>
                  <Line points={lineOf(told, row.k)} step={step} colour={colour(own.training)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {leftOut === '' ? null : <p class="ls-soft">{leftOut}</p>}
        <div class="ls-topk-save">
          <SaveMenu
            what="the top-k accuracies"
            subject={{ training: own.training, evaluation: own.evaluation, step: at }}
            formats={[
              ...ofTable(
                () => [HEAD, ...savedOf(own, told, size), ...(other === undefined || there === null ? [] : savedOf(other, there, size))],
                () => ({
                  run: own.run,
                  tag: own.tag,
                  step: at,
                  accuracies: told,
                  other: other === undefined || there === null ? null : { run: other.run, tag: other.tag, accuracies: there },
                }),
              ),
              asPicture(() => box.current, title),
              asVectors(() => box.current, title),
            ]}
          />
        </div>
      </details>
    </section>
  );
}

function useTopK(own: SeriesInfo | undefined): Payload | null {
  const answered = useAnswer(own === undefined ? null : writtenKey(own), (source, signal) =>
    own === undefined ? Promise.reject(new Error('nothing is asked')) : source.topK(own, signal),
  );
  return own === undefined ? null : (latest(answered)?.payload ?? null);
}

function share(x: number): string {
  return Number.isNaN(x) ? '–' : percentInColumn(x);
}

function inWords({ accuracy, right }: Row, samples: number): string {
  return `${exact(accuracy)}: ${count(right)} of ${count(samples)} samples of known truth`;
}

const WIDTH = 84;
const HEIGHT = 18;

/** A rate from 0 at the line to 1, with a dot at the step. */
function Line({ points, step, colour }: { points: ReturnType<typeof lineOf>; step: number; colour: string }) {
  const [from, to] = [points[0]?.step ?? 0, points.at(-1)?.step ?? 0];
  const x = (at: number) => (to === from ? WIDTH / 2 : 3 + ((at - from) / (to - from)) * (WIDTH - 6));
  const y = (value: number) => 2 + (1 - value) * (HEIGHT - 4);
  const known = points.filter(({ value }) => !Number.isNaN(value));
  const now = known.findLast((each) => each.step <= step);
  return (
    <svg width={WIDTH} height={HEIGHT} class="ls-topk-line" aria-hidden="true">
      <line x1={0} x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} class="ls-topk-floor" />
      <polyline points={known.map((each) => `${x(each.step)},${y(each.value)}`).join(' ')} stroke={colour} fill="none" stroke-width={1.5} />
      {now === undefined ? null : <circle cx={x(now.step)} cy={y(now.value)} r={2.5} fill={colour} />}
    </svg>
  );
}

const HEAD = ['training', 'step', 'k', 'samples', 'right', 'accuracy', 'low', 'high'] as const;

/** All evaluations of a series, one row each of them and k. */
function savedOf({ training }: SeriesInfo, told: Payload, size: number): readonly (readonly Field[])[] {
  const known = (x: number) => (Number.isNaN(x) ? undefined : x);
  return Array.from(told.step, (step, place) =>
    rowsOf(told, place, size).map(({ k, right, accuracy, low, high }): readonly Field[] => [
      called(training),
      step,
      k,
      told.samples[place],
      right,
      known(accuracy),
      known(low),
      known(high),
    ]),
  ).flat();
}
