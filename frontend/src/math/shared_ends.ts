/** Names without what all of them begin and end with: cut in their middle, such names would all read the same. */

/** Where all names are so short they stay as they are. */
const SHORT = 20;
/** Fewer letters are not worth an ellipsis. */
const LEAST = 8;

/** Whole words but the last one, which says what it is that differs: of `subspecies number 1` and `… 2` it is `subspecies `. */
const BEGINNING = /^(.*[\s_\-./:,;|()[\]])[^\s_\-./:,;|()[\]]+[\s_\-./:,;|()[\]]+[^\s_\-./:,;|()[\]]*$/su;
const END = /[\s_\-./:,;|()[\]].*$/su;

/** Shortens each of the names by the words that all of them share at either end; short ones, and those that share few, stay whole. */
export function withoutShared(names: readonly string[]): (name: string) => string {
  const [first = ''] = names;
  if (names.length < 2 || names.every(({ length }) => length <= SHORT)) return whole;
  const head = worth(
    BEGINNING.exec(
      first.slice(
        0,
        sharedBy(names, (name, i) => name[i]),
      ),
    )?.[1],
  );
  const end = worth(END.exec(first.slice(first.length - sharedBy(names, (name, i) => name[name.length - 1 - i])))?.[0]);
  // One letter belongs to one end.
  const tail = names.every(({ length }) => length > head.length + end.length) ? end : '';
  return (name) =>
    name.length > head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
      ? `${head === '' ? '' : '…'}${name.slice(head.length, name.length - tail.length)}${tail === '' ? '' : '…'}`
      : name;
}

/** How many letters all names share, counted from one end. */
function sharedBy(names: readonly string[], letter: (name: string, i: number) => string | undefined): number {
  const [first = ''] = names;
  return names.reduce((most, name) => {
    let i = 0;
    while (i < most && letter(name, i) === letter(first, i)) i++;
    return i;
  }, first.length);
}

function worth(shared: string | undefined): string {
  return shared === undefined || shared.length < LEAST ? '' : shared;
}

function whole(name: string): string {
  return name;
}
