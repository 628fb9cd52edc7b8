import { useRef } from 'preact/hooks';
import { ofTable } from '../../components/download';
import { Label } from '../../components/Label';
import { asPicture } from '../../components/picture';
import { SaveMenu } from '../../components/SaveMenu';
import { Term } from '../../components/Term';
import { asVectors } from '../../components/vectors';
import { count, inFull, percent } from '../../math/format';
import { labelNumbers, type Pair, pairsOf, swapped, swapsBetween } from '../../math/multilabel';
import type { Multilabel } from '../../schema.gen';
import { withChoices } from '../label_predictions/label_sample';
import { pairRows } from './download';
import { chosenLabel, type Evaluation, evaluationAt, focused, type Props, titleOf } from './evaluation';
import './multilabel.css';
import { Swaps } from './Swaps';

/** Labels that the matrix has room for. */
const MOST = 16;
const LISTED = 60;
const BETWEEN = { swap: ' missed, told: ', missed: ' and ', false: ' and ' } as const;
const AFTER = { swap: '', missed: ' both missed', false: ' both told falsely' } as const;

const sorted = new WeakMap<Multilabel, readonly Pair[]>();

/** The pairs of an evaluation, sorted once. */
function allPairs(payload: Multilabel): readonly Pair[] {
  const found = sorted.get(payload) ?? pairsOf(payload);
  sorted.set(payload, found);
  return found;
}

/** Which labels are wrong in the same samples. */
export function Together(props: Props) {
  const box = useRef<HTMLElement>(null);
  const shown = evaluationAt(focused(props), props.series.classes, props.step);
  if (shown === undefined || shown.point.payload.samples === 0) return null;
  const { payload } = shown.point;
  const label = chosenLabel(props, shown.labels.length);
  const all = allPairs(payload);
  const pairs = label === undefined ? all : all.filter(({ first, second }) => first === label || second === label);
  const subject = { run: shown.series.run, tag: shown.series.tag, step: shown.point.step };
  const hasSamples = (props.asked ?? []).some(({ kind, training }) => kind === 'label_predictions' && training === shown.series.training);
  const onPair = !hasSamples
    ? undefined
    : ({ kind, first, second }: Pick<Pair, 'kind' | 'first' | 'second'>) =>
        props.select({ classes: [first, second], sample: null, options: withChoices(props.selection.options, { pair: kind }) });
  const ids = swapped(payload, MOST);
  const table = swapsBetween(payload, ids);
  const total = all.reduce((sum, pair) => sum + (pair.kind === 'swap' ? pair.count : 0), payload.unlisted_swaps);
  const within = table.flat().reduce((a, b) => a + b, 0);
  return (
    <section class="ls-multilabel-together" ref={box} aria-label="labels that are wrong together">
      <h2>
        <Term name="wrong together">Wrong together</Term>
      </h2>
      {ids.length < 2 ? null : (
        <>
          <h3>
            <Term name="missed × told instead">missed × told instead</Term>
          </h3>
          <Swaps
            table={table}
            ids={ids}
            labels={shown.labels}
            selected={props.selection.classes}
            onSelect={(classes) => props.select({ classes })}
            onSwap={onPair && ((first, second) => onPair({ kind: 'swap', first, second }))}
          />
          <p class="ls-multilabel-note">
            {within === total
              ? `all ${count(total)} swaps`
              : `${count(within)} of ${count(total)} swaps, of the ${ids.length} labels with the most`}
          </p>
        </>
      )}
      <Missing evaluation={shown} />
      {pairs.length === 0 ? (
        <p class="ls-soft">
          {label === undefined ? 'No two labels are wrong in one sample.' : 'No label is wrong together with this one.'}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must be able to do.
        <section class="ls-multilabel-scroll" tabIndex={0} aria-label="pairs of labels, the most frequent first">
          <table data-testid="pairs">
            <tbody>
              {pairs.slice(0, LISTED).map((pair) => (
                <tr key={`${pair.kind} ${pair.first} ${pair.second}`}>
                  <td title={inFull(pair.count)}>
                    {onPair === undefined ? (
                      count(pair.count)
                    ) : (
                      <button type="button" data-drills title="list these samples" onClick={() => onPair(pair)}>
                        {count(pair.count)}
                      </button>
                    )}
                  </td>
                  <th scope="row">
                    <PairName pair={pair} evaluation={shown} select={props.select} />
                  </th>
                  <td class="ls-soft">{shareOf(pair, shown)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {pairs.length > LISTED ? <p class="ls-soft">and {count(pairs.length - LISTED)} rarer ones; all are in the file</p> : null}
        </section>
      )}
      <SaveMenu
        what="the pairs of labels"
        subject={{
          training: shown.series.training,
          evaluation: shown.series.evaluation,
          part: label === undefined ? undefined : shown.labels[label],
          step: shown.point.step,
        }}
        formats={[
          ...ofTable(
            () => pairRows(pairs, shown.labels),
            () => ({ ...subject, pairs: pairRows(pairs, shown.labels).slice(1) }),
          ),
          asPicture(() => box.current, titleOf(shown)),
          asVectors(() => box.current, titleOf(shown)),
        ]}
      />
    </section>
  );
}

function PairName({ pair, evaluation, select }: { pair: Pair; evaluation: Evaluation; select: Props['select'] }) {
  const one = (k: number) => (
    <button type="button" onClick={() => select({ classes: [k] })}>
      <Label text={evaluation.labels[k] ?? ''} max={16} />
    </button>
  );
  return (
    <>
      {one(pair.first)}
      {BETWEEN[pair.kind]}
      {one(pair.second)}
      {AFTER[pair.kind]}
    </>
  );
}

/** Of the samples in which the first label was missed. */
function shareOf({ kind, first, count: n }: Pair, { point }: Evaluation): string {
  if (kind !== 'swap') return '';
  const missed = labelNumbers(point.payload, first).counts.fn;
  return missed > 0 ? `${percent(Math.min(1, n / missed))} of its misses` : '';
}

function Missing({ evaluation }: { evaluation: Evaluation }) {
  const { most_wrong: most, wrong_count: wrong, unlisted_together: unlisted } = evaluation.point.payload;
  const many = Array.from(wrong).reduce((sum: number, n: number, i) => (i > most ? sum + n : sum), 0);
  if (many === 0 && unlisted === 0) return null;
  return (
    <p class="ls-multilabel-note">
      {many === 0 ? '' : `${count(many)} samples with more than ${most} wrong labels are in no pair. `}
      {unlisted === 0 ? '' : `${count(unlisted)} are in pairs too rare to be listed.`}
    </p>
  );
}
