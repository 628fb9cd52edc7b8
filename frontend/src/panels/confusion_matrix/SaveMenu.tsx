import { useRef } from 'preact/hooks';
import { csv, fileName, json, save } from './download';
import type { Evaluation } from './evaluation';
import type { Grid } from './grid';

interface Props {
  readonly evaluation: Evaluation;
  readonly grid: Grid;
  readonly canvas: () => HTMLCanvasElement | null;
}

/** Saves the matrix: numbers in the order shown, or the picture. Run, tag and step are in the file's name. */
export function SaveMenu({ evaluation, grid, canvas }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  const as = (ending: string, content: Blob | null) => {
    if (content !== null) save(content, fileName(evaluation, ending));
    if (menu.current !== null) menu.current.open = false;
  };
  return (
    <details class="ls-confusion-save" ref={menu}>
      <summary>save</summary>
      <div>
        <button type="button" onClick={() => as('csv', new Blob([csv(evaluation, grid)], { type: 'text/csv' }))}>
          CSV
        </button>
        <button type="button" onClick={() => as('json', new Blob([json(evaluation)], { type: 'application/json' }))}>
          JSON
        </button>
        <button type="button" onClick={() => canvas()?.toBlob((content) => as('png', content))}>
          PNG
        </button>
      </div>
    </details>
  );
}
