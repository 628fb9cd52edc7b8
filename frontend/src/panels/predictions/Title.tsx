import { Label } from '../../components/Label';
import { Term } from '../../components/Term';
import { count, plural } from '../../math/format';
import { type Choices, isChange, isVersus, type Outcome } from './choices';
import { type Names, otherName } from './sample';

/** What the list is of. */
export function Title({
  classes,
  chosen,
  names,
  others,
}: {
  classes: readonly number[];
  chosen: Choices;
  names: Names;
  /** Names of the classes that only the evaluation compared with has. */
  others: readonly string[];
}) {
  const [first, second] = classes;
  if (chosen.agreement !== undefined) {
    return (
      <>
        here <Label text={names.predicted(chosen.agreement.predicted)} max={24} />, there{' '}
        <Label text={otherName({ other: chosen.agreement.other, others }, names) ?? ''} max={24} />
      </>
    );
  }
  if (first === undefined) return <Term name="samples">{OUTCOME_WORDS[chosen.outcome]}</Term>;
  if (second === undefined) {
    return (
      <>
        <Term name="samples">{OUTCOME_WORDS[chosen.outcome]}</Term> · {chosen.as === 'true' ? 'true' : 'predicted as'}{' '}
        <Class name={chosen.as === 'true' ? names.truth(first) : names.predicted(first)} names={names} max={28} />
      </>
    );
  }
  return (
    <>
      <Class name={names.truth(first)} names={names} max={24} /> → <Class name={names.predicted(second)} names={names} max={24} />
      {isChange(chosen.outcome) || isVersus(chosen.outcome) ? ` · ${OUTCOME_WORDS[chosen.outcome].toLowerCase()}` : ''}
    </>
  );
}

function Class({ name, names, max }: { name: string; names: Names; max: number }) {
  return <Label text={name} short={names.shorten(name)} max={max} />;
}

const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  wrong: 'Errors',
  right: 'Right predictions',
  any: 'Samples',
  newly_right: 'Newly right',
  newly_wrong: 'Newly wrong',
  forgotten: 'Forgotten',
  only_this_right: 'Right here alone',
  only_other_right: 'Right there alone',
  differ: 'Predicted otherwise there',
  same: 'Predicted the same there',
  both_right: 'Right here and there',
  both_wrong: 'Wrong here and there',
};

/** The title in words. */
export function titleOf([first, second]: readonly number[], chosen: Choices, names: Names, others: readonly string[]): string {
  if (chosen.agreement !== undefined) {
    const { predicted, other } = chosen.agreement;
    return `predicted as ${names.predicted(predicted)} here, as ${otherName({ other, others }, names) ?? ''} there`;
  }
  if (first === undefined) return OUTCOME_WORDS[chosen.outcome];
  if (second !== undefined) return `${names.truth(first)} predicted as ${names.predicted(second)}`;
  return `${OUTCOME_WORDS[chosen.outcome]}, ${chosen.as === 'true' ? `true ${names.truth(first)}` : `predicted as ${names.predicted(first)}`}`;
}

/** How many of the samples there is something to look at of. */
export function storedText(total: number, stored: number): string {
  if (total === 0) return '';
  if (stored === 0) return total === 1 ? 'no example of it stored' : 'no example of them stored';
  if (stored === total) return total === 1 ? 'its example stored' : 'each with an example stored';
  return `${count(stored)} of them with an example stored`;
}

/** The same behind their number. */
export function summaryOf(total: number, stored: number): string {
  return [plural(total, 'sample'), ...(total === 0 ? [] : [storedText(total, stored)])].join(', ');
}
