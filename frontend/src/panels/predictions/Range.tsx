import { Segmented } from '../../components/Segmented';
import { number } from '../../math/format';
import type { Changed, Choices, Filter } from './choices';

/** Which confidences are listed, where a threshold or a range of them is chosen; and the way out. */
export function Range({
  decided,
  chosen,
  threshold,
  filter,
  onChange,
}: {
  /** Whether the threshold decides what is predicted. */
  decided: boolean;
  chosen: Choices;
  threshold: number | null;
  filter: Filter;
  onChange: (to: Changed) => void;
}) {
  if (chosen.confidence !== undefined) {
    const { from, below } = chosen.confidence;
    return (
      <div class="ls-samples-bar">
        <button
          type="button"
          class="ls-chip"
          aria-pressed={true}
          onClick={() => onChange({ confidence: undefined, outcome: undefined })}
          title="samples of this bin of the calibration; a press leaves it"
        >
          confidence {number(from)} – {number(below)} ×
        </button>
      </div>
    );
  }
  if (threshold === null || threshold < 0 || threshold > 1) return null;
  // A cell of two classes is on one side of the threshold.
  if (decided) {
    return (
      <p class="ls-soft ls-samples-summary">
        decided at the threshold {number(threshold)}: {filter.at_least === undefined ? 'below it' : 'from it on'}
      </p>
    );
  }
  const options = [
    { value: 'at_least', label: `≥ ${number(threshold)}`, help: 'Confidence at or above the threshold.' },
    { value: 'below', label: `< ${number(threshold)}`, help: 'Confidence below the threshold: the model would abstain.' },
    { value: 'any', label: 'any', help: 'The threshold is left out of account.' },
  ] as const;
  return (
    <div class="ls-samples-bar">
      <span class="ls-soft">confidence</span>
      <Segmented
        label="side of the threshold"
        options={options}
        value={chosen.side}
        onChange={(side) => onChange({ side: side === 'at_least' ? undefined : side })}
      />
    </div>
  );
}
