import { Label } from '../../components/Label';
import { inFull, rate } from '../../math/format';
import type { LabelSampleHistory } from '../../schema.gen';
import { historySentence, linesOf, mostWrong } from './history';

interface Props {
  readonly history: LabelSampleHistory;
  readonly step: number;
  readonly name: (label: number) => string;
  readonly onStep: (step: number) => void;
}

/** Evaluations that have a column of their own: the last ones. */
const MOST = 40;
/** Labels that have a line of their own. */
const MOST_LINES = 24;
const SIGNS = { missed: '−', false: '+', rightly: '✓', 'not counted': '?', absent: '' } as const;
const CLASSES = { missed: 'missed', false: 'false', rightly: 'rightly', 'not counted': 'not', absent: 'absent' } as const;
const SAID = {
  missed: 'missed',
  false: 'told falsely',
  rightly: 'told rightly',
  'not counted': 'does not count',
  absent: 'rightly not told',
} as const;

/** A sample through a training: what became of each label that ever was true of it, or told. */
export function LabelHistory({ history, step, name, onStep }: Props) {
  const all = linesOf(history);
  const lines = mostWrong(all, MOST_LINES);
  const steps = Array.from(history.step);
  const first = Math.max(0, steps.length - MOST);
  const shown = steps.findLastIndex((each) => each <= step);
  return (
    <div class="ls-labels-history">
      <p>{historySentence(history)}</p>
      {lines.length === 0 ? null : (
        <table data-testid="label-sample-history" aria-label="each label at each evaluation">
          <thead>
            <tr>
              <td />
              {steps.slice(first).map((each, i) => (
                <td key={each} class={first + i === shown ? 'ls-on' : undefined}>
                  <button type="button" aria-label={`step ${inFull(each)}`} title={`step ${inFull(each)}`} onClick={() => onStep(each)}>
                    {i === 0 || first + i === steps.length - 1 || first + i === shown ? each : '·'}
                  </button>
                </td>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map(({ label, at }) => (
              <tr key={label}>
                <th scope="row">
                  <Label text={name(label)} max={18} />
                </th>
                {at.slice(first).map(({ is, probability }, i) => {
                  const p = Number.isNaN(probability) ? '' : `, probability ${rate(probability)}`;
                  const said = `step ${inFull(steps[first + i] ?? 0)}: ${SAID[is]}${p}`;
                  return (
                    <td key={steps[first + i]} class={`ls-labels-${CLASSES[is]}`} title={said}>
                      <span aria-hidden="true">{SIGNS[is]}</span>
                      <span class="ls-hidden">{SAID[is]}</span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {lines.length === all.length ? null : (
        <p class="ls-soft">
          {MOST_LINES} of {inFull(all.length)} labels: those that were wrong most often.
        </p>
      )}
      {first === 0 ? null : (
        <p class="ls-soft">
          The last {MOST} evaluations of {inFull(steps.length)}.
        </p>
      )}
    </div>
  );
}
