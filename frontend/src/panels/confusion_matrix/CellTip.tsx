import { Label } from '../../components/Label';
import { type Confusion, cellAt, cellInterval, cellValue, countAt, type Normalise, shareInterval } from '../../math/confusion';
import { differenceInterval } from '../../math/difference';
import { between, count, exact, number, percent } from '../../math/format';
import { byChance } from '../../math/lift';
import type { Interval } from '../../math/wilson';
import { cellText } from './cell_text';
import { predictedName, trueName } from './class_name';
import type { Evaluation } from './evaluation';
import type { History } from './history';
import type { Subtracted } from './Matrix';
import { signed } from './numbers';
import { Spark } from './Spark';
import type { Under } from './under_pixel';

interface Props {
  readonly evaluation: Evaluation;
  readonly truth: number;
  readonly predicted: number;
}

interface TipProps extends Props {
  readonly history: History;
  readonly step: number;
  readonly colour: string;
  readonly by: Normalise;
  readonly differences: Subtracted | undefined;
  /** Where the cell has no pixel of its own: all that share it. */
  readonly under: Under | undefined;
}

/** A cell in full: its count, its share of its row and of its column with their bases and intervals, its share of the errors. */
export function CellTip({ evaluation, truth, predicted, history, step, colour, by, differences, under }: TipProps) {
  const c = evaluation.confusion;
  const samples = countAt(c, truth, predicted);
  const isError = truth !== predicted && truth !== c.size;
  const members = truth === predicted ? (evaluation.groups?.groups.members[truth]?.length ?? 1) : 1;
  const ofErrors = isError ? shareInterval(c, samples) : undefined;
  const moments = truth === c.size ? [] : history.cell({ truth, predicted });
  const top = moments.reduce((most, { value = 0 }) => Math.max(most, value), 0);
  return (
    <div class="ls-confusion-tip">
      <b>
        <Label text={trueName(evaluation, truth)} max={32} /> → <Label text={predictedName(evaluation, predicted)} max={32} />
      </b>
      <div>
        {exact(samples)} {samples === 1 ? 'example' : 'examples'}
        {c.weighted ? `, weight ${number(c.value[cellAt(c, truth, predicted)] ?? 0)}` : ''}
      </div>
      {members > 1 ? (
        <div class="ls-soft">
          among {count(members)} classes; of weight or count {number(c.exact[truth] ?? 0)} the very class
        </div>
      ) : null}
      <Share
        share={cellValue(c, truth, predicted, 'row')}
        range={cellInterval(c, truth, predicted, 'row')}
        base={c.examples[truth] ?? 0}
        of="true"
        name={trueName(evaluation, truth)}
        none="no examples"
      />
      {truth === c.size ? null : (
        <Share
          share={cellValue(c, truth, predicted, 'column')}
          range={cellInterval(c, truth, predicted, 'column')}
          base={c.predictions[predicted] ?? 0}
          of="predicted"
          name={predictedName(evaluation, predicted)}
          none="never predicted"
        />
      )}
      {by === 'all' && truth !== c.size ? (
        <Plain share={cellValue(c, truth, predicted, 'all')} range={cellInterval(c, truth, predicted, 'all')} of="of all" />
      ) : null}
      {by === 'lift' ? <Lift c={c} truth={truth} predicted={predicted} /> : null}
      {isError && samples > 0 ? <Plain share={samples / c.errors} range={ofErrors} of="of all errors" /> : null}
      {differences === undefined ? null : <Change {...{ evaluation, truth, predicted, differences }} />}
      {moments.length > 1 && top > 0 ? (
        <div class="ls-confusion-cell-history">
          <Spark moments={moments} step={step} colour={colour} width={120} height={24} top={top} />
          <span class="ls-soft">share of the true class over time, up to {percent(top)}</span>
        </div>
      ) : null}
      {under === undefined ? null : (
        <div class="ls-soft">
          its pixel shows the strongest of {count(under.cells)} cells: {exact(under.samples)} examples, {exact(under.errors)} of them errors
        </div>
      )}
      <div class="ls-soft">in brackets: 95 % intervals</div>
    </div>
  );
}

interface ShareProps {
  readonly share: number | undefined;
  readonly range: Interval | undefined;
  readonly base: number;
  readonly of: 'true' | 'predicted';
  readonly name: string;
  readonly none: string;
}

function Share({ share, range, base, of, name, none }: ShareProps) {
  const whole = (
    <>
      {of} <Label text={name} max={24} />
    </>
  );
  if (share === undefined) {
    return (
      <div class="ls-soft">
        – of {whole}: {none}
      </div>
    );
  }
  return (
    <div>
      {percent(share)}{' '}
      <span class="ls-soft">
        {ends(range)}of {count(base)} {whole}
      </span>
    </div>
  );
}

function Plain({ share, range, of }: { share: number | undefined; range: Interval | undefined; of: string }) {
  return share === undefined ? null : (
    <div class="ls-soft">
      {percent(share)} {ends(range)}
      {of}
    </div>
  );
}

function ends(range: Interval | undefined): string {
  return range === undefined ? '' : `(${between(range, percent)}) `;
}

function Lift({ c, truth, predicted }: { c: Confusion; truth: number; predicted: number }) {
  const value = cellValue(c, truth, predicted, 'lift');
  const expected = byChance(c.rowSum[truth] ?? 0, c.columnSum[predicted] ?? 0, c.judged);
  if (value === undefined || expected === undefined) return <div class="ls-soft">– lift: no examples, or never predicted</div>;
  const isEmpty = (c.value[cellAt(c, truth, predicted)] ?? 0) === 0;
  return (
    <div>
      lift {cellText(value, 'lift')}{' '}
      <span class="ls-soft">
        {number(expected)} by chance{isEmpty ? '; none counted as a half' : ''}
      </span>
    </div>
  );
}

/** A cell's difference to what is subtracted, with its interval. */
function Change({ evaluation, truth, predicted, differences }: Props & { readonly differences: Subtracted }) {
  const c = evaluation.confusion;
  const { against, by } = differences;
  const there = (id: number) => (id === c.size ? against.confusion.size : (against.ids[id] ?? -1));
  const cell = { truth: there(truth), predicted: there(predicted) };
  const mine = cellValue(c, truth, predicted, by);
  const isThere = cell.truth >= 0 && cell.predicted >= 0;
  const theirs = isThere ? cellValue(against.confusion, cell.truth, cell.predicted, by) : undefined;
  if (mine === undefined || theirs === undefined) {
    return <div class="ls-soft">– difference: {isThere ? 'no rate in one of both' : 'not in this run'}</div>;
  }
  const range = differenceInterval(c, against.confusion, { truth, predicted }, cell, by);
  return (
    <div>
      {signed(mine - theirs)} {range === undefined ? '' : `(${between(range, signed)})`}{' '}
      <span class="ls-soft">
        from {percent(theirs)}, {exact(countAt(against.confusion, cell.truth, cell.predicted))} examples
      </span>
    </div>
  );
}

/** The same in one line, for the live region: "true 9, predicted 8: 3 of 101, 3 %". */
export function cellSentence({ evaluation, truth, predicted }: Props): string {
  const c = evaluation.confusion;
  const samples = countAt(c, truth, predicted);
  const share = cellValue(c, truth, predicted, 'row');
  const where = `true ${trueName(evaluation, truth)}, predicted ${predictedName(evaluation, predicted)}`;
  return share === undefined
    ? `${where}: no examples`
    : `${where}: ${exact(samples)} of ${exact(c.examples[truth] ?? 0)}, ${percent(share)}`;
}
