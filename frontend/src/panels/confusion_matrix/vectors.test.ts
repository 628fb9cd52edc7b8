import { describe, expect, it } from 'vitest';
import { matrix } from '../../math/confusion.fixture';
import { cellText } from './cell_text';
import { domain } from './domain';
import { evaluation } from './evaluation';
import { classes, series } from './gallery';
import { gapsOf } from './gaps';
import { grid } from './grid';
import { heatMap } from './heat';
import { linesOf } from './lines';
import { drawn } from './vectors';

const INK = { background: [255, 255, 255], line: [200, 200, 200], soft: [100, 100, 100], font: 'Roboto' } as const;

describe('the matrix as SVG', () => {
  const names = ['<b>&"\u0000', 'two', 'none'];
  const shown = evaluation(
    series([
      matrix([
        [5, 2, 0],
        [0, 7, 0],
        [0, 0, 0],
      ]),
    ]),
    [classes(names)],
    50,
  );
  if (shown === undefined) throw new Error('the series has a point at step 50');
  const c = shown.confusion;
  const draw = (transposed: boolean) => {
    const picture = {
      lines: linesOf(c, transposed),
      grid: grid(c, [0, 1, 2], transposed),
      heat: heatMap(c, 'count', 'errors', domain([c], 'count', 'errors'), false),
      gaps: gapsOf(c, 'count'),
      text: (value: number) => cellText(value, 'count'),
      view: { top: 0, left: 0, cell: 24 },
      ratio: 1,
    };
    return new DOMParser().parseFromString(drawn(shown, picture, INK, 'black', 'examples'), 'image/svg+xml');
  };

  it('is well formed whatever the names are, and has a square a cell that is not empty', () => {
    const svg = draw(false);
    expect(svg.querySelector('parsererror')).toBeNull();
    expect(svg.querySelectorAll('rect > title')).toHaveLength(c.count.length);
    expect(svg.querySelector('b')).toBeNull();
    expect(svg.documentElement.textContent).toContain('<b>&"');
    expect(svg.querySelectorAll('rect[fill="url(#gap)"]')).toHaveLength(1);
  });

  it('is turned as the picture is', () => {
    const place = (svg: Document) =>
      Array.from(svg.querySelectorAll('rect'), (rect) =>
        rect.querySelector('title')?.textContent?.endsWith(': 2') === true ? [rect.getAttribute('x'), rect.getAttribute('y')] : [],
      ).flat();
    expect(place(draw(true))).not.toEqual(place(draw(false)));
  });
});
