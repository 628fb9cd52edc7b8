/** Whether two evaluations are of the same classes, or labels: only then their rates are compared. */
import { middle } from './ellipsis';
import { count } from './format';

/** What two sets of names have in common, and what not. */
export interface OtherClasses {
  readonly shared: number;
  readonly own: number;
  readonly there: number;
  /** Names that are only here, and only there. */
  readonly here: readonly string[];
  readonly more: readonly string[];
}

/** What differs between two sets of names; undefined where they are the same, in whatever order. */
export function otherClasses(own: readonly string[], there: readonly string[]): OtherClasses | undefined {
  const [mine, theirs] = [new Set(own), new Set(there)];
  const here = own.filter((name) => !theirs.has(name));
  const more = there.filter((name) => !mine.has(name));
  if (here.length === 0 && more.length === 0) return undefined;
  return { shared: own.length - here.length, own: own.length, there: there.length, here, more };
}

const NAMED = 2;
const LETTERS = 24;

/** "8 of these 10 are among its 9; only here: ant and bee; only there: cat"; where none is shared their names say nothing. */
export function sharedText({ shared, own, there, here, more }: OtherClasses): string {
  const head = `${shared === 0 ? 'none' : count(shared)} of these ${count(own)} ${shared < 2 ? 'is' : 'are'} among its ${count(there)}`;
  if (shared === 0) return head;
  const names = (of: readonly string[], where: string) => (of.length === 0 ? '' : `; only ${where}: ${listed(of)}`);
  return head + names(here, 'here') + names(more, 'there');
}

function listed(names: readonly string[]): string {
  const named = names.slice(0, NAMED).map((name) => middle(name, LETTERS));
  const rest = names.length - named.length;
  return rest > 0 ? `${named.join(', ')} and ${count(rest)} more` : named.join(' and ');
}
