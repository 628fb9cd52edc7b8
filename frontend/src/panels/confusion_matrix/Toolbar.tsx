import { Segmented } from '../../components/Segmented';
import type { Normalise } from '../../math/confusion';
import { inFull } from '../../math/format';
import { type Change, type Choices, LEAST_ORDERED, type Order } from './choices';

interface Props {
  readonly choices: Choices;
  /** How many there are. */
  readonly classes: number;
  /** Steps of the training's evaluations, rising. */
  readonly steps: readonly number[];
  /** Name of the reference, where it has such an evaluation. */
  readonly reference: string | undefined;
  readonly onChange: (change: Change) => void;
}

const NORMALISE = [
  { value: 'count', label: 'count', help: 'How many examples are in each cell.' },
  { value: 'row', label: 'row %', help: 'Share of the true class: what becomes of its examples. Recall stands on the diagonal.' },
  {
    value: 'column',
    label: 'column %',
    help: 'Share of the predictions of a class: what they really are. Precision stands on the diagonal.',
  },
] as const;

const FURTHER: readonly { readonly value: Normalise; readonly label: string; readonly help: string }[] = [
  { value: 'all', label: 'all %', help: 'Share of all examples of known truth.' },
  {
    value: 'lift',
    label: 'lift',
    help: 'How much more often than by chance, as a power of two: +1 is twice, −1 half of what the class and the predictions would give if they had nothing to do with each other.',
  },
];

const ORDERS: readonly { readonly value: Order; readonly label: string; readonly help: string }[] = [
  { value: 'given', label: 'as given', help: 'In the order of the class ids.' },
  {
    value: 'confusion',
    label: 'by confusion',
    help: 'Classes that are taken for each other stand together. One order for all steps and trainings shown.',
  },
  {
    value: 'recall',
    label: 'worst first',
    help: 'Lowest recall first, of all steps and trainings shown together: no class moves along the slider.',
  },
  { value: 'name', label: 'A–Z', help: 'By name.' },
  { value: 'examples', label: 'most examples', help: 'The largest classes first.' },
  { value: 'precision', label: 'lowest precision', help: 'Of all steps and trainings shown together.' },
  { value: 'f1', label: 'lowest F1', help: 'Of all steps and trainings shown together.' },
  {
    value: 'errors',
    label: 'most errors',
    help: 'Samples of the class that were predicted as another one, of all steps and trainings shown together.',
  },
];

/** What the cells tell, in which order, and what is taken away from them: what is chosen all the time. */
export function Toolbar({ choices, classes, steps, reference, onChange }: Props) {
  const { against } = choices;
  const compared = typeof against === 'number' ? `step:${against}` : against;
  const further = FURTHER.find(({ value }) => value === choices.by);
  return (
    <>
      <span class="ls-confusion-joined">
        <Segmented<Normalise> label="normalise" options={NORMALISE} value={choices.by} onChange={(normalise) => onChange({ normalise })} />
        <select
          aria-label="further shares"
          class={further === undefined ? undefined : 'ls-on'}
          title={further?.help}
          value={further?.value ?? ''}
          onChange={(event) => onChange({ normalise: FURTHER.find(({ value }) => value === event.currentTarget.value)?.value })}
        >
          <option value="" disabled hidden>
            more
          </option>
          {FURTHER.map(({ value, label, help }) => (
            <option key={value} value={value} title={help}>
              {label}
            </option>
          ))}
        </select>
      </span>
      {classes < LEAST_ORDERED && choices.order === 'given' ? null : (
        <select
          aria-label="order of the classes"
          title={ORDERS.find(({ value }) => value === choices.order)?.help}
          value={choices.order}
          onChange={(event) => onChange({ order: ORDERS.find(({ value }) => value === event.currentTarget.value)?.value })}
        >
          {ORDERS.map(({ value, label, help }) => (
            <option key={value} value={value} title={help}>
              {label}
            </option>
          ))}
        </select>
      )}
      {steps.length === 0 && reference === undefined && against === 'nothing' ? null : (
        <select
          aria-label="difference to"
          class={`ls-confusion-against${against === 'nothing' ? '' : ' ls-on'}`}
          value={compared}
          onChange={(event) => onChange({ against: event.currentTarget.value === 'nothing' ? undefined : event.currentTarget.value })}
        >
          <option value="nothing">no difference</option>
          {reference === undefined && against !== 'reference' ? null : <option value="reference">minus the reference</option>}
          {(typeof against === 'number' && !steps.includes(against) ? [against, ...steps] : steps).map((step) => (
            <option key={step} value={`step:${step}`}>
              minus step {inFull(step)}
            </option>
          ))}
        </select>
      )}
    </>
  );
}
