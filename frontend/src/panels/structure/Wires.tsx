import type { Point } from '../../math/layout';
import { GAPS, type Picture } from './picture';
import type { Read } from './read_structure';
import { outputText } from './words';

interface Props {
  readonly read: Read;
  readonly picture: Picture;
  /** Ids of boxes whose edges stand out. */
  readonly lit: ReadonlySet<number>;
}

/** All edges, their arrows, where they enter frames, and the shape that each value has. */
export function Wires({ read, picture, lit }: Props) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus.
    <g aria-hidden="true" class="ls-structure-wires">
      {picture.wires.map((wire, k) => {
        const on = lit.has(wire.source) || lit.has(wire.target);
        const end = wire.turned ? wire.points[0] : wire.points.at(-1);
        return (
          <g key={k} class={on ? 'ls-on' : ''} data-from={wire.source} data-to={wire.target}>
            <path class={wire.turned ? 'ls-structure-wire ls-structure-turned' : 'ls-structure-wire'} d={curve(wire.points)} />
            {wire.target >= 0 && end !== undefined ? <path class="ls-structure-arrow" d={arrow(end, wire.turned)} /> : null}
          </g>
        );
      })}
      {picture.dots.map((dot, k) => (
        <circle key={k} class="ls-structure-dot" cx={dot.x} cy={dot.y} r={2.5} />
      ))}
      {picture.labels.map((label, k) => (
        <text
          key={k}
          class="ls-structure-shape"
          x={label.x + (label.side === 'left' ? -8 : 8)}
          y={label.y + GAPS.y / 2 + 4}
          text-anchor={label.side === 'left' ? 'end' : 'start'}
        >
          {shapeOf(read, label.box)}
        </text>
      ))}
    </g>
  );
}

/** Shape of what leaves a box: of its own layer, or of the last one in it. */
function shapeOf({ model, boxes }: Read, id: number): string {
  let box = boxes.list[id];
  while (box !== undefined && (model.layers[box.layer]?.outputs.length ?? 0) === 0 && box.children.length > 0) {
    box = boxes.list[box.children.at(-1) ?? -1];
  }
  return box === undefined ? '' : outputText(model.layers[box.layer]);
}

/** Straight along each rank, a curve from rank to rank. */
function curve(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return '';
  let d = `M${at(first)}`;
  points.forEach((point, k) => {
    const before = points[k - 1];
    if (before === undefined) return;
    const middle = (before.y + point.y) / 2;
    d +=
      k % 2 === 1 || before.x === point.x
        ? `L${at(point)}`
        : `C${round(before.x)} ${round(middle)} ${round(point.x)} ${round(middle)} ${at(point)}`;
  });
  return d;
}

function arrow({ x, y }: Point, up: boolean): string {
  const back = up ? 7 : -7;
  return `M${round(x)} ${round(y)}l-3.5 ${back}h7z`;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(x: number): number {
  return Math.round(x * 100) / 100;
}
