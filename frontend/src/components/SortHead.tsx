import { Term } from './Term';

interface Props {
  readonly name: string;
  /** Its own arrow where it is sorted by this. */
  readonly direction: 'ascending' | 'descending' | undefined;
  readonly onSort: () => void;
}

/** The head of a column that a click sorts by, with its sentence of help. */
export function SortHead({ name, direction, onSort }: Props) {
  return (
    <Term name={name} onPress={onSort}>
      {name}
      {direction === undefined ? '' : direction === 'ascending' ? ' ↑' : ' ↓'}
    </Term>
  );
}

/** The same as a cell of its own. */
export function SortCell(props: Props) {
  return (
    <th scope="col" aria-sort={props.direction ?? 'none'}>
      <SortHead {...props} />
    </th>
  );
}
