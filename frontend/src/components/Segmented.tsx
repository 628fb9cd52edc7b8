import { useId } from 'preact/hooks';
import { hideTooltip, showTooltip } from './tooltip';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A sentence shown on hover. */
  readonly help?: string;
}

interface Props<T extends string> {
  /** Says what is chosen; read out, not drawn. */
  readonly label: string;
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One choice of a few, side by side. Radio buttons underneath: one tab stop, and the arrow keys choose. */
export function Segmented<T extends string>({ label, options, value, onChange }: Props<T>) {
  const name = useId();
  return (
    <fieldset class="ls-segmented">
      <legend class="ls-hidden">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          class={option.value === value ? 'ls-on' : ''}
          onMouseEnter={(event) => option.help !== undefined && showTooltip(option.help, event.clientX, event.clientY)}
          onMouseLeave={hideTooltip}
        >
          <input type="radio" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
