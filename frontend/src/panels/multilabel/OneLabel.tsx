import type { ComponentChildren } from 'preact';
import { css, sequential, textOn, theme } from '../../charts/colour';
import { Label } from '../../components/Label';
import { count, inFull, number, percent } from '../../math/format';
import { labelNumbers } from '../../math/multilabel';
import type { Became } from '../../source';
import type { Evaluation } from './evaluation';

interface Props {
  readonly evaluation: Evaluation;
  readonly label: number;
  /** Lists the samples of a cell; undefined where they are not logged. */
  readonly onCell: ((became: Became) => void) | undefined;
}

const BECAME: Readonly<Record<string, Became>> = { tp: 'rightly', fn: 'missed', fp: 'false', tn: 'absent' };

/** The table of one label: true or not, told or not. */
export function OneLabel({ evaluation, label, onCell }: Props) {
  const { payload } = evaluation.point;
  const { counts, unknown, leftOut } = labelNumbers(payload, label);
  const { tp, fp, fn, tn } = counts;
  const threshold = payload.label_threshold?.[label] ?? payload.threshold;
  // Read here, so that it is drawn again in the other theme.
  const shade = theme.value;
  const cell = (name: string, n: number, row: number) => {
    const share = row > 0 ? n / row : 0;
    const colour = sequential(0.06 + 0.8 * share);
    return (
      <td key={`${name} ${shade}`} data-cell={name} style={{ background: css(colour), color: textOn(colour) }} title={inFull(n)}>
        <Cell name={name} onCell={onCell}>
          <b>{count(n)}</b>
        </Cell>
        <small>{row > 0 ? percent(share) : '–'}</small>
      </td>
    );
  };
  return (
    <section class="ls-multilabel-card" data-picture="one-label" aria-label="the selected label">
      <h3>
        <Label text={evaluation.labels[label] ?? ''} max={32} />
      </h3>
      <table class="ls-multilabel-two" data-testid="one-label">
        <thead>
          <tr>
            <td />
            <th scope="col">told</th>
            <th scope="col">not told</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">true</th>
            {cell('tp', tp, tp + fn)}
            {cell('fn', fn, tp + fn)}
          </tr>
          <tr>
            <th scope="row">not true</th>
            {cell('fp', fp, fp + tn)}
            {cell('tn', tn, fp + tn)}
          </tr>
        </tbody>
      </table>
      <p class="ls-multilabel-note">
        samples, and their share of the row
        {threshold === null || threshold === undefined ? '' : ` · told above ${number(threshold)}`}
        {unknown === 0 ? '' : ` · ${count(unknown)} unknown`}
        {leftOut === 0 ? '' : ` · ${count(leftOut)} left out`}
      </p>
    </section>
  );
}

/** The count of a cell: a button where its samples can be listed. */
function Cell({ name, onCell, children }: { name: string; onCell: Props['onCell']; children: ComponentChildren }) {
  const became = BECAME[name];
  if (onCell === undefined || became === undefined) return <>{children}</>;
  return (
    <button type="button" class="ls-multilabel-drill" data-drills title="list these samples" onClick={() => onCell(became)}>
      {children}
    </button>
  );
}
