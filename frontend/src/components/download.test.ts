import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvText, type Field, fileName, jsonText, tabbed } from './download';

/** RFC 4180, read by its grammar. */
function parsed(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; ) {
    let value = '';
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (text[at] === '"') at++;
        value += text[at];
      }
      at++;
    } else {
      while (text[at] !== ',' && text[at] !== '\r') value += text[at++];
    }
    row.push(value);
    if (text[at] === ',') at++;
    else {
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const HOSTILE = ['=HYPERLINK("http://x","y")', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', 'a,"b"\r\n=c', '', '<img src=x>'];

describe('CSV', () => {
  it('of any rows is read back as it was', () => {
    const field = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE), fc.double());
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { maxLength: 4 }), (rows) => {
        const read = parsed(csvText(rows));
        const harmless = (value: Field) =>
          typeof value === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : String(value);
        expect(read).toEqual(rows.map((row) => row.map(harmless)));
      }),
    );
  });

  it.each(HOSTILE)('holds no formula: %j', (name) => {
    const [[value = ''] = []] = parsed(csvText([[name]]));
    expect(value).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    expect(value.replace(/^'/, '')).toBe(name);
  });

  it('leaves numbers as they are, negative ones and those that are none too, and nothing where nothing is known', () => {
    const exact = 0.1 + 0.2;
    expect(csvText([[-1, exact, Number.NaN, Number.NEGATIVE_INFINITY, undefined, '']])).toBe(`-1,${exact},NaN,-Infinity,,\r\n`);
  });
});

describe('JSON', () => {
  it('has words for what JSON has no number for, and lists for arrays of numbers', () => {
    const value = { y: Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY), k: Int32Array.of(2), none: undefined };
    expect(JSON.parse(jsonText(value))).toEqual({ y: [1, 'NaN', 'Infinity'], k: [2] });
  });
});

describe("a file's name", () => {
  const of = (training: string) => fileName('loss', { training, step: 50 }, 'csv');

  it('is the training, what is saved, the evaluation, the part and the step', () => {
    expect(fileName('the confusion matrix', { training: 'dense/64', evaluation: 'validation/age', step: 50 }, 'csv')).toBe(
      'dense_64-confusion_matrix-validation_age-step-50.csv',
    );
    expect(fileName('the curves', { training: 'a', evaluation: null, part: '<b>cat</b>', step: 0 }, 'svg')).toBe(
      'a-curves-b_cat_b-step-0.svg',
    );
  });

  it('of what is too long leaves out whole words, the first ones', () => {
    const long = Array.from({ length: 60 }, (_, k) => `word${k}`).join('_');
    const [training = ''] = of(long).split('-loss-');
    expect(long.endsWith(`_${training}`)).toBe(true);
    expect(training).toMatch(/^word\d+_.*_word59$/);
  });

  it.each([
    ['.', 'logs-loss-step-50.csv'],
    ['../../etc/passwd', 'etc_passwd-loss-step-50.csv'],
    ['.hidden', 'hidden-loss-step-50.csv'],
    ['a\\b:c*?"<>|\u0000\n\u202e', 'a_b_c-loss-step-50.csv'],
    ['日本語 é', '日本語_é-loss-step-50.csv'],
  ])('of the run %j is harmless', (run, name) => {
    expect(of(run)).toBe(name);
  });

  it('fits every file system, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 400 }), { minLength: 3, maxLength: 3 }),
        ([training = '', evaluation, part]) => {
          const name = fileName('the areas of all classes', { training, evaluation, part, step: Number.MAX_SAFE_INTEGER }, 'json');
          expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255);
          expect(name).toMatch(/^[^./\\][^/\\]*\.json$/);
        },
      ),
    );
  });
});

it('what is copied has tabs between its fields, and nothing in a field that would be another or a formula', () => {
  expect(
    tabbed([
      ['class', 'recall'],
      ['a\tb\nc', 0.1],
      ['=1+1', undefined],
    ]),
  ).toBe("class\trecall\na b c\t0.1\n'=1+1\t");
});
