import { useMemo, useRef, useState } from 'preact/hooks';
import { ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { confusedPairs, type Pair, pairCount, type Way } from '../../math/confused_pairs';
import { type Confusion, shareInterval } from '../../math/confusion';
import { between, count, exact, percent, percentInColumn, plural } from '../../math/format';
import { withoutShared } from '../../math/shared_ends';
import { pairRows } from './download';
import { type Evaluation, focused, type Props, titleOf } from './evaluation';
import './tables.css';
import { useEvaluation } from './use_evaluation';

const FIRST = 7;
/** More rows than anybody reads; the file has them all. */
const MOST = 500;

const WAYS = [
  { value: 'directed', label: 'a → b', help: 'Examples of a that were predicted as b.' },
  { value: 'symmetric', label: 'a ↔ b', help: 'Both ways together.' },
] as const;

const OPTION = 'most_confused.way';

/** The pairs of classes that are confused most, each a way to its cell. */
export function MostConfused(props: Props) {
  const shown = useEvaluation(focused(props), props.series.classes, props.step);
  return shown === undefined || shown.confusion.samples === 0 ? null : <Pairs {...props} shown={shown} />;
}

function Pairs({ shown, selection, select }: Props & { readonly shown: Evaluation }) {
  const [all, setAll] = useState(false);
  const table = useRef<HTMLTableElement>(null);
  const c = shown.confusion;
  const way: Way = selection.options[OPTION] === 'symmetric' ? 'symmetric' : 'directed';
  const pairs = useMemo(() => confusedPairs(c, all ? MOST : FIRST, way), [c, all, way]);
  const total = useMemo(() => pairCount(c, way), [c, way]);
  const shorten = useMemo(() => withoutShared(shown.labels), [shown.labels]);
  const name = (k: number) => <Label text={shown.labels[k] ?? ''} short={shorten(shown.labels[k] ?? '')} max={40} />;
  const [truth, predicted] = selection.classes;
  const isSelected = (pair: Pair) =>
    (pair.truth === truth && pair.predicted === predicted) || (way === 'symmetric' && pair.truth === predicted && pair.predicted === truth);
  const { series, point } = shown;
  return (
    <section class="ls-confusion-pairs" aria-label="most confused classes">
      <header>
        <h2>
          <Term name="most confused">Most confused</Term>
        </h2>
        {pairs.length === 0 ? null : (
          <>
            <Segmented
              label="one way or both"
              options={WAYS}
              value={way}
              onChange={(value) => select({ options: { ...selection.options, [OPTION]: value } })}
            />
            <SaveMenu
              what="the most confused classes"
              subject={{ training: series.training, evaluation: series.evaluation, step: point.step }}
              formats={[
                ...ofTable(
                  () => pairRows(shown, confusedPairs(c, total, way), way),
                  () => pairsOf(shown, way, total),
                ),
                asPicture(() => table.current, titleOf(shown)),
                asVectors(() => table.current, titleOf(shown)),
              ]}
            />
          </>
        )}
      </header>
      {pairs.length === 0 ? (
        <p class="ls-soft">No example was taken for another class.</p>
      ) : (
        <>
          <div class="ls-confusion-pairs-scroll">
            <table data-testid="most-confused" ref={table}>
              <thead>
                <tr>
                  <th scope="col">{way === 'directed' ? 'true → predicted' : 'both ways'}</th>
                  <th scope="col">n</th>
                  <th scope="col">of errors</th>
                  <th scope="col">together</th>
                </tr>
              </thead>
              <tbody>
                {pairs.map((pair) => {
                  const selected = isSelected(pair);
                  return (
                    <tr key={`${pair.truth} ${pair.predicted}`} class={selected ? 'ls-on' : undefined}>
                      <td>
                        <button
                          type="button"
                          aria-pressed={selected}
                          onClick={() => select({ classes: selected ? [] : [pair.truth, pair.predicted] })}
                        >
                          {name(pair.truth)} {way === 'directed' ? '→' : '↔'} {name(pair.predicted)}
                        </button>
                      </td>
                      <td title={exact(pair.count)}>{count(pair.count)}</td>
                      <td title={inFull(c, pair.count, pair.share)}>{percentInColumn(pair.share)}</td>
                      <td title={inFull(c, pair.cumulative * c.errors, pair.cumulative)} class="ls-soft">
                        {percentInColumn(pair.cumulative)}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          {total > FIRST ? (
            <button type="button" class="ls-button" onClick={() => setAll(!all)}>
              {all ? `show the first ${FIRST}` : `show ${total > MOST ? `${MOST} of ${count(total)}` : `all ${plural(total, 'pair')}`}`}
            </button>
          ) : null}
        </>
      )}
    </section>
  );
}

/** A share with what it stands on. */
function inFull(c: Confusion, samples: number, share: number): string {
  const range = shareInterval(c, samples);
  return `${exact(share)} (of ${exact(c.errors)} errors${range === undefined ? '' : `, 95 % interval ${between(range, percent)}`})`;
}

function pairsOf({ series, point, labels, confusion: c }: Evaluation, way: Way, total: number) {
  const pairs = confusedPairs(c, total, way).map((pair) => ({
    ...pair,
    truth: labels[pair.truth] ?? '',
    predicted: labels[pair.predicted] ?? '',
  }));
  return { run: series.run, tag: series.tag, step: point.step, errors: c.errors, both_ways: way === 'symmetric', pairs };
}
