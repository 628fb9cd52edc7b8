import { Segmented } from '../components/Segmented';
import { Term } from '../components/Term';
import { middle, visible } from '../math/ellipsis';

/** More choices than this are a menu. */
const SIDE_BY_SIDE = 3;

/** Which evaluation is shown, when there is a choice. */
export function Evaluations({
  names,
  chosen,
  choose,
}: {
  names: readonly string[];
  chosen: string | null;
  choose: (name: string) => void;
}) {
  if (names.length < 2 || chosen === null) return null;
  return (
    <div class="ls-evaluations">
      <Term name="evaluation">evaluation</Term>
      {names.length <= SIDE_BY_SIDE ? (
        <Segmented
          label="evaluation"
          options={names.map((name) => ({ value: name, label: visible(middle(name, 20)) }))}
          value={chosen}
          onChange={choose}
        />
      ) : (
        <select aria-label="evaluation" value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
          {names.map((name) => (
            <option key={name} value={name}>
              {visible(middle(name, 40))}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
