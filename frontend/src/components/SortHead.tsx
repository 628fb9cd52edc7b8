import { help } from '../help';
import { explained } from './tooltip';

interface Props {
  readonly name: string;
  /** Its own arrow where it is sorted by this. */
  readonly direction: 'ascending' | 'descending' | undefined;
  readonly onSort: () => void;
}

/** The head of a column that a click sorts by, with its sentence of help. */
export function SortHead({ name, direction, onSort }: Props) {
  return (
    <button type="button" class="ls-term" {...explained(help(name))} onClick={onSort}>
      {name}
      {direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓'}
    </button>
  );
}
