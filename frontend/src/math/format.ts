/** How numbers are written on the page: three significant digits, thin spaces, and never a rounded value that claims a limit. */

/** What has no value, such as the precision of a class that was never predicted. Zero and NaN are something else. */
export const UNDEFINED = '–';

/** Narrow no-break space: between groups of digits, and before a unit. */
const THIN = '\u202f';
const MINUS = '\u2212';
const INFINITE = '∞';
const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Three significant digits; from 10 000 on with an SI prefix, below 0.0001 and beyond SI in powers of ten. */
export function number(x: number): string {
  return signed(x, (size) => {
    if (size === 0) return '0';
    const rounded = Number(size.toPrecision(3));
    if (rounded >= 10_000) return prefixed(size);
    if (rounded < 1e-4) return powers(size);
    return grouped(String(rounded));
  });
}

/** How many: whole numbers in full below 100 000, then with an SI prefix. Weighted counts, which need not be whole, keep three digits. */
export function count(n: number): string {
  return signed(n, (size) => {
    if (size >= 100_000) return prefixed(size);
    return Number.isInteger(size) ? grouped(String(size)) : number(size);
  });
}

/** Every digit of a whole number, in groups: a step that is named, which an SI prefix would leave unnamed. */
export function inFull(n: number): string {
  return signed(n, (size) => (Number.isInteger(size) && size < 1e21 ? grouped(String(size)) : exact(size)));
}

/** A share, with at most one decimal. Only all of it is '100 %' and only nothing is '0 %'. */
export function percent(x: number): string {
  return share(x, (hundredths) => String(Number(hundredths.toFixed(1))));
}

/** The same with its decimal always, so that a column lines up. */
export function percentInColumn(x: number): string {
  return share(x, (hundredths) => hundredths.toFixed(1));
}

function share(x: number, write: (hundredths: number) => string): string {
  return signed(x, (size) => {
    const hundredths = size * 100;
    if (hundredths > 0 && hundredths < 0.05) return `<0.1${THIN}%`;
    if (hundredths < 100 && hundredths >= 99.95) return `>99.9${THIN}%`;
    return hundredths < 1e5 ? `${grouped(write(hundredths))}${THIN}%` : `${number(hundredths)}${THIN}%`;
  });
}

/** A rate between 0 and 1, such as precision, with two decimals so that columns line up. */
export function rate(x: number | undefined): string {
  return decimals(x, 2);
}

/** What lies between 0 and 1, with so many decimals, and never a rounded value that claims 0 or 1. */
export function decimals(x: number | undefined, n: number): string {
  if (x === undefined) return UNDEFINED;
  const unit = 10 ** -n;
  // What adding up has left of a whole number.
  if (Math.abs(x - Math.round(x)) < 1e-12) return fixed(Math.round(x), n);
  if (x > 0 && x < unit / 2) return `<${fixed(unit, n)}`;
  if (x < 1 && x >= 1 - unit / 2) return `>${fixed(1 - unit, n)}`;
  return fixed(x, n);
}

/**
 * The ends of an interval, `0.03 – 0.05`. With signs it is `−0.03 to 0.05`: a dash would be read as one of them.
 * @param write Writes one end.
 */
export function between({ low, high }: { readonly low: number; readonly high: number }, write: (x: number) => string): string {
  const ends = [write(low), write(high)];
  return ends.join(ends.some((end) => /^[<>]?[+\-−]/.test(end)) ? ' to ' : ' – ');
}

/** So many decimals, for values that stand under each other. */
export function fixed(x: number, decimals: number): string {
  return signed(x, (size) => grouped(size.toFixed(decimals)));
}

/** The value itself, in digits that any program reads back. */
export function exact(x: number): string {
  return String(x);
}

/** Seconds as one or two units: `3 s`, `4 min`, `2 h`, `5 d`. */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s}${THIN}s`;
  if (s < 3600) return `${Math.floor(s / 60)}${THIN}min`;
  if (s < 86_400) return `${Math.floor(s / 3600)}${THIN}h`;
  return `${grouped(String(Math.floor(s / 86_400)))}${THIN}d`;
}

/** `1 record`, `2 records`. */
export function plural(n: number, noun: string, nouns = `${noun}s`): string {
  return `${count(n)} ${n === 1 ? noun : nouns}`;
}

function signed(x: number, write: (size: number) => string): string {
  if (Number.isNaN(x)) return 'NaN';
  const size = Math.abs(x);
  const text = size === Infinity ? INFINITE : write(size);
  return x < 0 ? MINUS + text : text;
}

function prefixed(size: number): string {
  // Rounded first: 999 999 is 1 M, not 1 000 k.
  const rounded = Number(size.toPrecision(3));
  const power = Math.floor(Math.log10(rounded) / 3 + 1e-9);
  const prefix = SI[power];
  if (prefix === undefined) return powers(size);
  return `${Number((rounded / 1000 ** power).toPrecision(3))}${THIN}${prefix}`;
}

function powers(size: number): string {
  const [digits = '', power = ''] = size.toExponential(2).split('e');
  return `${Number(digits)}e${power.replace('+', '').replace('-', MINUS)}`;
}

/** Groups of three before the point; four digits are grouped too, so that a column lines up. */
function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
