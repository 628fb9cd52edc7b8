import { Label } from '../../components/Label';
import { type Confusion, cellAt, cellValue, interval } from '../../math/confusion';
import { count, exact, number, percent } from '../../math/format';
import type { Interval } from '../../math/wilson';
import { predictedName, trueName } from './class_name';
import type { Evaluation } from './evaluation';

interface Props {
  readonly evaluation: Evaluation;
  readonly truth: number;
  readonly predicted: number;
}

/** A cell in full: its count, its share of its row and of its column with their bases and intervals, its share of the errors. */
export function CellTip({ evaluation, truth, predicted }: Props) {
  const c = evaluation.confusion;
  const samples = c.count[cellAt(c, truth, predicted)] ?? 0;
  const isError = truth !== predicted && truth !== c.size;
  return (
    <div class="ls-confusion-tip">
      <b>
        <Label text={trueName(evaluation, truth)} max={32} /> → <Label text={predictedName(evaluation, predicted)} max={32} />
      </b>
      <div>
        {exact(samples)} {samples === 1 ? 'example' : 'examples'}
        {c.weighted ? `, weight ${number(c.value[cellAt(c, truth, predicted)] ?? 0)}` : ''}
      </div>
      <Share
        share={cellValue(c, truth, predicted, 'row')}
        range={rowInterval(c, truth, predicted)}
        base={c.examples[truth] ?? 0}
        of="true"
        name={trueName(evaluation, truth)}
        none="no examples"
      />
      {truth === c.size ? null : (
        <Share
          share={cellValue(c, truth, predicted, 'column')}
          range={columnInterval(c, truth, predicted)}
          base={c.predictions[predicted] ?? 0}
          of="predicted"
          name={predictedName(evaluation, predicted)}
          none="never predicted"
        />
      )}
      {isError && samples > 0 ? <div class="ls-soft">{percent(samples / c.errors)} of all errors</div> : null}
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
        {range === undefined ? '' : `(${percent(range.low)} – ${percent(range.high)}) `}of {count(base)} {whole}
      </span>
    </div>
  );
}

function rowInterval(c: Confusion, truth: number, predicted: number): Interval | undefined {
  return interval(cellValue(c, truth, predicted, 'row'), c.trials[truth] ?? 0);
}

function columnInterval(c: Confusion, truth: number, predicted: number): Interval | undefined {
  // Squared weights are kept by true class only.
  return c.weighted ? undefined : interval(cellValue(c, truth, predicted, 'column'), c.columnSum[predicted] ?? 0);
}

/** The same in one line, for the live region: "true 9, predicted 8: 3 of 101, 3 %". */
export function cellSentence({ evaluation, truth, predicted }: Props): string {
  const c = evaluation.confusion;
  const samples = c.count[cellAt(c, truth, predicted)] ?? 0;
  const share = cellValue(c, truth, predicted, 'row');
  const where = `true ${trueName(evaluation, truth)}, predicted ${predictedName(evaluation, predicted)}`;
  return share === undefined
    ? `${where}: no examples`
    : `${where}: ${exact(samples)} of ${exact(c.examples[truth] ?? 0)}, ${percent(share)}`;
}
