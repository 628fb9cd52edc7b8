import { explained } from '../../components/tooltip';
import { help } from '../../help';
import { count, exact, inFull, number } from '../../math/format';
import type { Changes } from '../../schema.gen';
import { CHANGES, type Change, type Filter, type Outcome } from './choices';
import { changedIds } from './sample';

interface Props {
  readonly changes: Changes | undefined;
  readonly problem: string | undefined;
  readonly filter: Filter;
  /** Whether all classes are looked at, of which the test speaks. */
  readonly isWhole: boolean;
  readonly outcome: Outcome;
  /** Steps of evaluations before the one shown, rising, and the one compared with. */
  readonly steps: readonly number[];
  readonly since: number;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onSince: (step: number) => void;
}

const WORDS: Readonly<Record<Change, string>> = { newly_right: 'newly right', newly_wrong: 'newly wrong', forgotten: 'forgotten' };

/** What was learned and forgotten since an earlier evaluation; each filters the list. */
export function ChangeChips({ changes, problem, filter, isWhole, outcome, steps, since, onOutcome, onSince }: Props) {
  return (
    <div class="ls-samples-bar">
      <label>
        since step{' '}
        <select value={String(since)} onChange={({ currentTarget }) => onSince(Number(currentTarget.value))}>
          {steps.map((each) => (
            <option key={each} value={String(each)}>
              {inFull(each)}
            </option>
          ))}
        </select>
      </label>
      {changes === undefined ? (
        <span class="ls-soft">{problem ?? 'comparing …'}</span>
      ) : (
        CHANGES.map((change) => {
          const n = changedIds(changes, change, filter).size;
          const on = outcome === change;
          return (
            <button
              key={change}
              type="button"
              class="ls-chip"
              aria-pressed={on}
              disabled={n === 0 && !on}
              data-change={change}
              {...explained(help(WORDS[change]))}
              onClick={() => onOutcome(on ? 'wrong' : change)}
            >
              {count(n)} {WORDS[change]}
            </button>
          );
        })
      )}
      {changes === undefined || changes.p === null || !isWhole ? null : (
        <span
          class="ls-soft"
          title={`McNemar’s test, two-sided, of ${exact(changes.compared)} samples that both evaluations tell of: p = ${exact(changes.p)}`}
        >
          {verdictOf(changes, changes.p)} (p {changes.p === 0 ? '< 1e−300' : number(changes.p)})
        </span>
      )}
    </div>
  );
}

/** Whether more was learned than lost, as far as the test tells. */
function verdictOf(changes: Changes, p: number): string {
  if (p >= 0.05) return 'no clear difference';
  const learned = changedIds(changes, 'newly_right', {}).size > changedIds(changes, 'newly_wrong', {}).size;
  return learned ? 'more learned than lost' : 'more lost than learned';
}
