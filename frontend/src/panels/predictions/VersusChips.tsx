import { Label } from '../../components/Label';
import { explained } from '../../components/tooltip';
import { called } from '../../frame/shown';
import { help } from '../../help';
import { count, inFull } from '../../math/format';
import type { Point } from '../../panel';
import type { Outcome, Versus } from './choices';
import { type Counts, OFFERED } from './versus';

interface Props {
  /** The training compared with. */
  readonly training: string;
  readonly comparison: Point<'comparison'> | undefined;
  readonly problem: string | undefined;
  /** How many there are of each; undefined where that is not known. */
  readonly counts: Counts | undefined;
  readonly outcome: Outcome;
  readonly onOutcome: (outcome: Outcome) => void;
}

const WORDS: Readonly<Record<(typeof OFFERED)[number], string>> = {
  only_this_right: 'right here alone',
  only_other_right: 'right there alone',
  differ: 'predicted otherwise',
};

/** What another training makes of the same samples; each filters the list. */
export function VersusChips({ training, comparison, problem, counts, outcome, onOutcome }: Props) {
  const step = comparison?.payload.other_step;
  return (
    <div class="ls-samples-bar" data-testid="samples-versus">
      <span class="ls-soft">
        against <Label text={called(training)} max={24} />
        {step === undefined || step === comparison?.step ? '' : ` at step ${inFull(step)}`}
      </span>
      {comparison === undefined ? (
        <span class="ls-soft">{problem ?? 'comparing …'}</span>
      ) : (
        OFFERED.map((each: Versus & keyof Counts) => {
          const on = outcome === each;
          const n = counts?.[each];
          return (
            <button
              key={each}
              type="button"
              class="ls-chip"
              aria-pressed={on}
              disabled={n === 0 && !on}
              data-versus={each}
              {...explained(help(WORDS[each]))}
              onClick={() => onOutcome(on ? 'wrong' : each)}
            >
              {n === undefined ? '' : `${count(n)} `}
              {WORDS[each]}
            </button>
          );
        })
      )}
    </div>
  );
}
