import { describe, expect, it } from 'vitest';
import { matrix } from '../../math/confusion.fixture';
import { numbers, rows } from './download';
import { evaluation } from './evaluation';
import { classes, series } from './gallery';
import { grid } from './grid';

//                  =SUM(A1)   a,"b"   abstained
//   =SUM(A1)          3         1         2
//   a,"b"             0         4         0
//   unknown truth     7         0         0
const shown = evaluation(
  series([
    matrix(
      [
        [3, 1, 2],
        [0, 4, 0],
        [7, 0, 0],
      ],
      { dropped: { 'bad label': 2 } },
      true,
    ),
  ]),
  [classes(['=SUM(A1)', 'a,"b"'])],
  50,
);
if (shown === undefined) throw new Error('the series has a point at step 50');

describe('files', () => {
  it('CSV holds every sample in the order shown, and what became of the others', () => {
    expect(rows(shown, grid(shown.confusion, [1, 0]))).toEqual([
      ['true \\ predicted', 'a,"b"', '=SUM(A1)', 'abstained'],
      ['a,"b"', 4, 0, 0],
      ['=SUM(A1)', 1, 3, 2],
      ['unknown truth', 0, 7, 0],
    ]);
  });

  it('JSON holds the cells, what was dropped, and null where a rate is undefined', () => {
    expect(numbers(shown)).toMatchObject({
      step: 50,
      labels: ['=SUM(A1)', 'a,"b"'],
      cells: [
        [0, 0, 3],
        [0, 1, 1],
        [0, 2, 2],
        [1, 1, 4],
        [2, 0, 7],
      ],
      dropped: { 'bad label': 2 },
      precision: [1, 0.8],
      recall: [0.5, 1],
    });
  });
});
