import { plural } from '../math/format';
import { missingRecords } from '../math/told';
import type { Series } from '../panel';

/** How many records of some series were written and are not here; nothing where all are. */
export function Missing({ series }: { series: readonly Pick<Series, 'points'>[] }) {
  const missing = missingRecords(series);
  if (missing === 0) return null;
  return (
    <span title="Written, and not here: TensorBoard keeps so many records of a series, and a full disk takes none.">
      {' '}
      · {plural(missing, 'record')} missing
    </span>
  );
}
