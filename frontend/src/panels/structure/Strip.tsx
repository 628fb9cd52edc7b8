import type { Box } from '../../math/folding';
import { type Colouring, type Paint, paint } from './paint';
import type { Read } from './read_structure';

const MOST_CELLS = 48;

/** More cells than this are a band: lines between them would be all that is seen. */
const FEW = 24;

interface Props {
  readonly read: Read;
  readonly box: Box;
  readonly colouring: Colouring;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Number of the copy that is shown, if the repeat is open. */
  readonly shown?: number;
  readonly onCopy: (copy: number) => void;
}

/** Numbers of the copies that have a cell: all, or evenly chosen ones with the first and the last. */
export function cellsOf(box: Box): readonly number[] {
  const n = box.children.length;
  if (n <= MOST_CELLS) return box.children.map((_, k) => k);
  return Array.from({ length: MOST_CELLS }, (_, k) => Math.round((k * (n - 1)) / (MOST_CELLS - 1)));
}

/** A cell a copy, coloured as a box would be; a click shows that copy. The keyboard does it with Shift and the arrows. */
export function Strip({ read, box, colouring, x, y, width, shown, onCopy }: Props) {
  const cells = cellsOf(box);
  const pitch = Math.min(26, width / cells.length);
  const isBand = cells.length > FEW;
  const height = shown === undefined ? 5 : 9;
  const current = shown === undefined ? undefined : cells.reduce((a, b) => (Math.abs(b - shown) < Math.abs(a - shown) ? b : a), 0);
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus; Shift and the arrows turn the copies.
    <g aria-hidden="true">
      {isBand ? <rect class="ls-structure-band" x={x} y={y} width={pitch * cells.length} height={height} /> : null}
      {cells.map((copy, k) => {
        const child = read.boxes.list[box.children[copy] ?? -1];
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way to what Shift and the arrows do.
          <rect
            key={copy}
            class={`ls-structure-cell ${isBand ? 'ls-structure-joined' : ''} ${copy === current ? 'ls-on' : ''}`}
            x={x + k * pitch}
            y={y}
            width={isBand ? pitch + 0.3 : Math.max(1, pitch - 2)}
            height={height}
            style={child === undefined ? {} : { fill: fillOf(paint(colouring, read, child)) }}
            onClick={(event) => {
              event.stopPropagation();
              onCopy(copy);
            }}
          >
            <title>{`copy ${copy + 1} of ${box.children.length}: ${child?.name ?? ''}`}</title>
          </rect>
        );
      })}
    </g>
  );
}

/** What says nothing has a soft fill, so that one sees how many cells there are. */
function fillOf({ fill, isHatched = false }: Paint): string {
  return isHatched ? "url('#ls-structure-hatching')" : fill === 'var(--ls-bg)' ? 'var(--ls-line)' : fill;
}
