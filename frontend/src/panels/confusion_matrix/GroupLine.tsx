import { Segmented } from '../../components/Segmented';
import type { Estimate } from '../../math/curve';
import { between, count, percent, plural, UNDEFINED } from '../../math/format';
import type { Group } from '../../math/hierarchy';
import type { Change, Choices } from './choices';

interface Props {
  readonly choices: Choices;
  /** Where found groups are cut. */
  readonly cut: number | undefined;
  readonly hierarchy: readonly Group[];
  readonly labels: readonly string[];
  /** Of each level, the outermost first: share of the samples that were predicted as a class of the same group. */
  readonly within: readonly Estimate[];
  readonly onChange: (change: Change) => void;
}

/** More open groups than this are told as a number. */
const MOST_NAMED = 6;

/** How many groups there are, how alike their classes are, and which are open. */
export function GroupLine({ choices, cut, hierarchy, labels, within, onChange }: Props) {
  const open = hierarchy.filter(({ key }) => choices.open.includes(key));
  const name = ({ head, classes }: Group) => labels[head ?? classes[0] ?? 0] ?? '';
  const isSearched = choices.find !== '';
  const levels = hierarchy.reduce((most, { level }) => Math.max(most, level), 0);
  // Down to which level all are open, if they are open just so.
  const reached = Array.from({ length: levels + 1 }, (_, level) => level).find(
    (level) => keysAbove(hierarchy, level).join() === keysOf(open),
  );
  return (
    <div class="ls-confusion-groups">
      {cut === undefined ? null : (
        <label>
          <span class="ls-hidden">how different the classes of a group may be</span>
          <span class="ls-soft" aria-hidden="true">
            alike
          </span>
          <input
            type="range"
            min="0.05"
            max="0.99"
            step="0.01"
            value={cut}
            onChange={(event) => onChange({ cut: event.currentTarget.value, open: undefined })}
          />
          <span class="ls-soft" aria-hidden="true">
            less so
          </span>
        </label>
      )}
      <span class="ls-soft">
        {plural(hierarchy.length, 'group')}
        {levels > 1 ? ` on ${levels} levels` : ''} of {count(new Set(hierarchy.flatMap(({ classes }) => classes)).size)} classes
      </span>
      {hierarchy.length === 0 || isSearched ? null : (
        <>
          {levels > 1 ? (
            <Segmented
              label="open down to"
              options={Array.from({ length: levels + 1 }, (_, level) => ({
                value: String(level),
                label: level === levels ? 'classes' : `level ${level + 1}`,
                help:
                  level === levels ? 'Every class has its row.' : `Groups of level ${level + 1} have one row each, 1 being the outermost.`,
              }))}
              value={String(reached ?? '')}
              onChange={(level) => onChange({ open: keysAbove(hierarchy, Number(level)).join() || undefined })}
            />
          ) : (
            <button
              type="button"
              class="ls-button"
              onClick={() => onChange({ open: open.length === hierarchy.length ? undefined : hierarchy.map(({ key }) => key).join() })}
            >
              {open.length === hierarchy.length ? 'close all' : 'open all'}
            </button>
          )}
          {(levels < 2 || reached === undefined) && open.length > 0 && open.length <= MOST_NAMED
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
      {within.length === 0 ? null : (
        <span class="ls-soft" data-testid="within">
          right within the group:{' '}
          {within.map((each, i) => (
            <>
              {i > 0 ? ', ' : ''}
              {within.length > 1 ? `level ${i + 1} ` : ''}
              <span title={each.range === undefined ? undefined : `95 % interval ${between(each.range, percent)}`}>
                {each.value === undefined ? UNDEFINED : percent(each.value)}
              </span>
            </>
          ))}
        </span>
      )}
    </div>
  );
}

/** Keys of the groups that are open where groups of a level, from 0, are closed. */
function keysAbove(hierarchy: readonly Group[], level: number): readonly number[] {
  return hierarchy.flatMap((group) => (group.level <= level ? [group.key] : []));
}

function keysOf(groups: readonly Group[]): string {
  return groups.map(({ key }) => key).join();
}
