import { Segmented } from '../../components/Segmented';
import { inFull } from '../../math/format';
import { type Change, type Choices, CREDITS, type Order } from './choices';

interface Props {
  readonly choices: Choices;
  /** Steps of the training's evaluations, rising. */
  readonly steps: readonly number[];
  /** Name of the reference, where it has such an evaluation. */
  readonly reference: string | undefined;
  /** How many classes there are, where it is known which came first for each sample; else undefined. */
  readonly ranked: number | undefined;
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
  { value: 'all', label: 'all %', help: 'Share of all examples of known truth.' },
  {
    value: 'lift',
    label: 'lift',
    help: 'How much more often than by chance, as a power of two: +1 is twice, −1 half of what the class and the predictions would give if they had nothing to do with each other.',
  },
] as const;

const ORDERS = [
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
] as const;

const MORE: readonly { readonly value: Order; readonly label: string }[] = [
  { value: 'name', label: 'A–Z' },
  { value: 'examples', label: 'most examples' },
  { value: 'precision', label: 'lowest precision' },
  { value: 'f1', label: 'lowest F1' },
  { value: 'errors', label: 'most errors' },
];

const SHOWN = [
  { value: 'errors', label: 'errors only', help: 'Colours span the errors; correct predictions are grey.' },
  { value: 'all', label: 'all', help: 'Correct predictions share the colours of errors.' },
] as const;

const SCALES = [
  { value: 'linear', label: 'linear', help: 'Colours go along the values.' },
  { value: 'log', label: 'log', help: 'Colours go along the logarithms of the values: small ones are told apart too.' },
] as const;

/** What the matrix shows, in which order, and what it is compared with. */
export function Toolbar({ choices, steps, reference, ranked, onChange }: Props) {
  const further = MORE.find(({ value }) => value === choices.order);
  const { against } = choices;
  const credits = CREDITS.filter((k) => k === choices.credit || (ranked !== undefined && k < ranked)).map((k) => ({
    value: String(k),
    label: `top ${k}`,
    help:
      k === 1
        ? 'The class with the highest score is right or wrong.'
        : `Right where the truth is among the ${k} classes with the highest scores.`,
  }));
  const compared = typeof against === 'number' ? `step:${against}` : against;
  return (
    <>
      <Segmented label="normalise" options={NORMALISE} value={choices.by} onChange={(normalise) => onChange({ normalise })} />
      <span class="ls-confusion-orders">
        <Segmented<Order> label="order of the classes" options={ORDERS} value={choices.order} onChange={(order) => onChange({ order })} />
        <select
          aria-label="further orders"
          class={further === undefined ? undefined : 'ls-on'}
          value={further?.value ?? ''}
          onChange={(event) => onChange({ order: MORE.find(({ value }) => value === event.currentTarget.value)?.value })}
        >
          <option value="" disabled hidden>
            more
          </option>
          {MORE.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </span>
      <Segmented label="colours" options={SHOWN} value={choices.shown} onChange={(shown) => onChange({ shown })} />
      {choices.by === 'lift' || against !== 'nothing' ? null : (
        <Segmented label="scale of the colours" options={SCALES} value={choices.scale} onChange={(scale) => onChange({ scale })} />
      )}
      <button
        type="button"
        class="ls-button"
        aria-pressed={choices.transposed}
        title="true classes across, predicted ones down"
        onClick={() => onChange({ axes: choices.transposed ? undefined : 'transposed' })}
      >
        transposed
      </button>
      {credits.length < 2 ? null : (
        <Segmented
          label="what counts as right"
          options={credits}
          value={String(choices.credit)}
          onChange={(credit) => onChange({ credit: credit === '1' ? undefined : credit })}
        />
      )}
      {steps.length < 2 && reference === undefined && against === 'nothing' ? null : (
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
