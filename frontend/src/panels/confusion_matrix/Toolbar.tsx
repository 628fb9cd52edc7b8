import { Segmented } from '../../components/Segmented';
import type { Choices, Order } from './choices';

interface Props {
  readonly choices: Choices;
  readonly onChange: (name: 'normalise' | 'order' | 'shown', value: string) => void;
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

const ORDERS = [
  { value: 'given', label: 'as given', help: 'In the order of the class ids.' },
  { value: 'confusion', label: 'by confusion', help: 'Classes that are taken for each other stand together. One order for all steps.' },
  { value: 'recall', label: 'worst first', help: 'Lowest recall at this step first.' },
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

/** What the matrix shows, in which order. */
export function Toolbar({ choices, onChange }: Props) {
  const further = MORE.find(({ value }) => value === choices.order);
  return (
    <div class="ls-confusion-toolbar">
      <Segmented label="normalise" options={NORMALISE} value={choices.by} onChange={(value) => onChange('normalise', value)} />
      <span class="ls-confusion-orders">
        <Segmented<Order>
          label="order of the classes"
          options={ORDERS}
          value={choices.order}
          onChange={(value) => onChange('order', value)}
        />
        <select
          aria-label="further orders"
          class={further === undefined ? undefined : 'ls-on'}
          value={further?.value ?? ''}
          onChange={(event) => onChange('order', event.currentTarget.value)}
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
      <Segmented label="colours" options={SHOWN} value={choices.shown} onChange={(value) => onChange('shown', value)} />
    </div>
  );
}
