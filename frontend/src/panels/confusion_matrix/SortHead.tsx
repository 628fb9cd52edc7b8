import { hideTooltip, showTooltip, TOOLTIP_ID } from '../../components/tooltip';
import { help } from '../../help';

interface Props {
  readonly name: string;
  /** Its own arrow where it is sorted by this. */
  readonly direction: 'ascending' | 'descending' | undefined;
  readonly onSort: () => void;
}

/** The head of a column that a click sorts by, with its sentence of help. */
export function SortHead({ name, direction, onSort }: Props) {
  const sentence = help(name);
  const explain = (event: MouseEvent | FocusEvent) => {
    if (sentence === undefined || !(event.currentTarget instanceof HTMLElement)) return;
    const box = event.currentTarget.getBoundingClientRect();
    showTooltip(sentence, box.left - 8, box.bottom - 6);
  };
  return (
    <button
      type="button"
      class="ls-term"
      aria-describedby={TOOLTIP_ID}
      onMouseEnter={explain}
      onFocus={explain}
      onMouseLeave={hideTooltip}
      onBlur={hideTooltip}
      onClick={onSort}
    >
      {name}
      {direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓'}
    </button>
  );
}
