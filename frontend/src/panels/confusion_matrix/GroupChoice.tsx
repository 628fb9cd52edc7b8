import { oneOf } from '../../frame/options';
import { count, plural } from '../../math/format';
import type { Group } from '../../math/hierarchy';
import { type Change, type Choices, GROUPING } from './choices';

interface Props {
  readonly choices: Choices;
  /** Whether a hierarchy was logged with the classes. */
  readonly given: boolean;
  readonly hierarchy: readonly Group[];
  readonly labels: readonly string[];
  readonly onChange: (change: Change) => void;
}

/** More open groups than this are told as a number. */
const MOST_NAMED = 6;

/** Which classes stand together as one, and which of these groups are open. */
export function GroupChoice({ choices, given, hierarchy, labels, onChange }: Props) {
  const { grouping, cut, find } = choices;
  const open = hierarchy.filter(({ key }) => choices.open.includes(key));
  const name = ({ head, classes }: Group) => labels[head ?? classes[0] ?? 0] ?? '';
  if (find !== '') return null;
  return (
    <span class="ls-confusion-groups">
      <select
        aria-label="groups of classes"
        class={grouping === 'none' ? undefined : 'ls-on'}
        value={grouping}
        onChange={(event) => onChange({ groups: oneOf(GROUPING, event.currentTarget.value), open: undefined })}
      >
        <option value="none">no groups</option>
        {given || grouping === 'given' ? <option value="given">groups as logged</option> : null}
        <option value="found">groups by confusion</option>
      </select>
      {grouping === 'found' ? (
        <label>
          <span class="ls-hidden">how different the classes of a group may be</span>
          <input
            type="range"
            min="0.05"
            max="0.99"
            step="0.01"
            value={cut}
            onChange={(event) => onChange({ cut: event.currentTarget.value, open: undefined })}
          />
        </label>
      ) : null}
      {grouping === 'none' ? null : (
        <span class="ls-soft">
          {plural(hierarchy.length, 'group')} of {count(hierarchy.reduce((sum, { classes }) => sum + classes.length, 0))} classes
        </span>
      )}
      {hierarchy.length === 0 ? null : (
        <>
          <button
            type="button"
            class="ls-button"
            onClick={() => onChange({ open: open.length === hierarchy.length ? undefined : hierarchy.map(({ key }) => key).join() })}
          >
            {open.length === hierarchy.length ? 'close all' : 'open all'}
          </button>
          {open.length > 0 && open.length <= MOST_NAMED
            ? open.map((group) => (
                <button
                  key={group.key}
                  type="button"
                  class="ls-button"
                  aria-label={`close the group of ${name(group)}`}
                  onClick={() => onChange({ open: choices.open.filter((key) => key !== group.key).join() })}
                >
                  <bdi>{name(group)}</bdi> ×
                </button>
              ))
            : null}
        </>
      )}
    </span>
  );
}
