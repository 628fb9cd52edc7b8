/** Files that the page hands out: their names, and numbers as CSV and JSON. Names come from logs, and are not trusted. */

/** What a file is of. */
export interface Subject {
  readonly training: string;
  /** Undefined, or null, where it is of none. */
  readonly evaluation?: string | null | undefined;
  /** Of which class, target or weight, where it is of one. */
  readonly part?: string | undefined;
  readonly step: number;
}

/** One format in which something can be saved. */
export interface Format {
  readonly label: 'CSV' | 'JSON' | 'PNG' | 'SVG' | 'copy';
  /** Null when the browser cannot make it. What is copied is text. */
  readonly make: () => Blob | null | Promise<Blob | null>;
  /** Why it is not made, such as `up to 200 classes`. */
  readonly refusal?: string;
}

/** Text is quoted and made harmless; a number is written whole; undefined is an empty field. */
export type Field = string | number | undefined;

/** File systems take names of 255 bytes; the step and what comes after it need up to 30. */
const MOST_BYTES = 220;

/**
 * `<training>-<what>-<evaluation>-<part>-step-<step>.<ending>`, in letters that every file system takes. Of names that are too
 * long the first words are left out: they differ at their end.
 * @param what What is saved, such as `the confusion matrix`: of each panel something else.
 */
export function fileName(what: string, { training, evaluation, part, step }: Subject, ending: string): string {
  const parts = [safe(training) || 'logs', ...[what.replace(/^the /, ''), evaluation ?? '', part ?? ''].map(safe).filter(Boolean)];
  while (bytesOf(parts.join('-')) > MOST_BYTES) {
    const longest = parts.reduce((best, each, i) => (bytesOf(each) > bytesOf(parts[best] ?? '') ? i : best), 0);
    parts[longest] = shorter(parts[longest] ?? '');
  }
  return `${parts.join('-')}-step-${step}.${ending}`;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Without its first word; of a single one without its first letter. */
function shorter(name: string): string {
  const end = name.search(/[_-](?=[^_-])/u);
  return end > 0 ? name.slice(end + 1) : [...name].slice(1).join('');
}

/** Without a dot in front: the file would be a hidden one. */
function safe(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_').replace(/^[._]+|_+$/gu, '');
}

/** Rows as RFC 4180 has them. */
export function csv(rows: Iterable<readonly Field[]>): Blob {
  return new Blob([csvText(rows)], { type: 'text/csv;charset=utf-8' });
}

export function csvText(rows: Iterable<readonly Field[]>): string {
  let text = '';
  for (const row of rows) text += `${row.map(field).join(',')}\r\n`;
  return text;
}

/** A table as a file, and as text that spreadsheets take from the clipboard. */
export function ofTable(rows: () => Iterable<readonly Field[]>, object: () => unknown): readonly Format[] {
  return [
    { label: 'CSV', make: () => csv(rows()) },
    { label: 'JSON', make: () => json(object()) },
    { label: 'copy', make: () => new Blob([tabbed(rows())], { type: 'text/plain' }) },
  ];
}

/** Rows with tabs between their fields. */
export function tabbed(rows: Iterable<readonly Field[]>): string {
  const plain = (value: Field) => (typeof value === 'string' ? harmless(value).replace(/[\t\r\n]+/g, ' ') : String(value ?? ''));
  return Array.from(rows, (row) => row.map(plain).join('\t')).join('\n');
}

/** A leading = + - @ would be run as a formula by a spreadsheet, also in the letters of full width. */
function harmless(value: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
}

function field(value: Field): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const plain = harmless(value);
  return /[",\r\n]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** JSON has no NaN and no ∞: they are written as the words `NaN`, `Infinity` and `-Infinity`. Arrays of numbers are lists. */
export function json(value: unknown): Blob {
  return new Blob([jsonText(value)], { type: 'application/json' });
}

export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'number' && !Number.isFinite(each)) return String(each);
    return each instanceof Float64Array || each instanceof Int32Array ? Array.from(each) : each;
  });
}

/** A canvas as PNG; null when it is too large for the browser. */
export function png(canvas: HTMLCanvasElement): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve));
}

/** Hands a file to the browser. */
export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // After the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
