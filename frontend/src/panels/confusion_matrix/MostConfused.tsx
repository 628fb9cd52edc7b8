import { useMemo, useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { confusedPairs, pairCount } from '../../math/confused_pairs';
import { count, exact, percentInColumn, plural } from '../../math/format';
import './tables.css';
import { type Evaluation, focused, type Props } from './evaluation';
import { useEvaluation } from './use_evaluation';

const FIRST = 10;
/** More rows than anybody reads; the file has them all. */
const MOST = 500;

/** The pairs of classes that are confused most, each a way to its cell. */
export function MostConfused(props: Props) {
  const shown = useEvaluation(focused(props), props.series.classes, props.step);
  return shown === undefined || shown.confusion.samples === 0 ? null : <Pairs {...props} shown={shown} />;
}

function Pairs({ shown, selection, select }: Props & { readonly shown: Evaluation }) {
  const [all, setAll] = useState(false);
  const c = shown.confusion;
  const pairs = useMemo(() => confusedPairs(c, all ? MOST : FIRST), [c, all]);
  const total = useMemo(() => pairCount(c), [c]);
  const name = (k: number) => <Label text={shown.labels[k] ?? ''} max={16} />;
  const [truth, predicted] = selection.classes;
  return (
    <section class="ls-confusion-pairs" aria-label="most confused classes">
      <h2>
        <Term name="most confused">Most confused</Term>
      </h2>
      {pairs.length === 0 ? (
        <p class="ls-soft">No example was taken for another class.</p>
      ) : (
        <table data-testid="most-confused">
          <thead>
            <tr>
              <th scope="col">true → predicted</th>
              <th scope="col">n</th>
              <th scope="col">of errors</th>
              <th scope="col">together</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map((pair) => {
              const selected = pair.truth === truth && pair.predicted === predicted;
              return (
                <tr key={`${pair.truth} ${pair.predicted}`} class={selected ? 'ls-on' : undefined}>
                  <td>
                    <button
                      type="button"
                      aria-pressed={selected}
                      onClick={() => select({ classes: selected ? [] : [pair.truth, pair.predicted] })}
                    >
                      {name(pair.truth)} → {name(pair.predicted)}
                    </button>
                  </td>
                  <td title={exact(pair.count)}>{count(pair.count)}</td>
                  <td title={exact(pair.share)}>{percentInColumn(pair.share)}</td>
                  <td title={exact(pair.cumulative)} class="ls-soft">
                    {percentInColumn(pair.cumulative)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {total > FIRST ? (
        <button type="button" class="ls-button" onClick={() => setAll(!all)}>
          {all ? `show the first ${FIRST}` : `show ${total > MOST ? `${MOST} of ${count(total)}` : `all ${plural(total, 'pair')}`}`}
        </button>
      ) : null}
    </section>
  );
}
