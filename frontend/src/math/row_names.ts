/** Which rows of a picture are named where they are too low for each to have its name: where groups of layers begin. */
import type { VisibleRow } from './tensor_rows';

export interface RowName {
  /** The row beside which it stands. */
  readonly row: number;
  readonly name: string;
}

/**
 * Names of the outermost groups, each at its first row; of inner ones too, as long as all of a depth have room.
 * Undefined where not even the outermost have: then every few rows have their own.
 *
 * @param apart How many rows lie between two names at least.
 */
export function groupNames(rows: readonly VisibleRow[], apart: number): readonly RowName[] | undefined {
  let found: readonly RowName[] | undefined;
  for (let depth = 1; depth < 8; depth++) {
    const names = begins(rows, depth);
    if (names.length > rows.length / apart) break;
    found = spaced(names, apart, rows.length);
    if (names.length === rows.length) break;
  }
  return found;
}

function begins(rows: readonly VisibleRow[], depth: number): readonly RowName[] {
  let before: string | undefined;
  return rows.flatMap(({ node }, row) => {
    const name = node.path.split('/').slice(0, depth).join('/');
    const isNew = name !== before;
    before = name;
    return isNew ? [{ row, name }] : [];
  });
}

/** Of two names that are too near to each other, that of the larger group stays. */
function spaced(names: readonly RowName[], apart: number, rows: number): readonly RowName[] {
  const kept: { readonly name: RowName; readonly size: number }[] = [];
  names.forEach((name, k) => {
    const size = (names[k + 1]?.row ?? rows) - name.row;
    const before = kept.at(-1);
    if (before !== undefined && name.row - before.name.row < apart) {
      if (before.size >= size) return;
      kept.pop();
    }
    kept.push({ name, size });
  });
  return kept.map(({ name }) => name);
}
