import type { Point } from '../../math/layout';
import { fitName } from './fit';
import { type Direction, GAPS, type Picture, type Wire } from './picture';
import type { Read } from './read_structure';
import { outputText } from './words';

/** Ids of boxes before and after the selected layer, that itself in both. */
export interface Way {
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

interface Props {
  readonly read: Read;
  readonly picture: Picture;
  /** Ids of boxes whose edges stand out. */
  readonly lit: ReadonlySet<number>;
  /** Given when only the way of the selected layer is asked for: what passes it by is faint, too. */
  readonly onWay: Way | undefined;
}

/** All edges, their arrows, where they enter frames, and the shape that each value has. */
export function Wires({ read, picture, lit, onWay }: Props) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it takes the focus.
    <g aria-hidden="true" class="ls-structure-wires">
      {picture.wires.map((wire, k) => {
        const on = lit.has(wire.source) || lit.has(wire.target);
        const isFaint = onWay !== undefined && !isOnWay(onWay, wire);
        const end = wire.turned ? wire.points[0] : wire.points.at(-1);
        return (
          <g key={k} class={`${on ? 'ls-on' : ''} ${isFaint ? 'ls-faint' : ''}`} data-from={wire.source} data-to={wire.target}>
            <path
              class={`ls-structure-wire ${wire.turned ? 'ls-structure-turned' : ''} ${wire.isMask ? 'ls-structure-mask' : ''}`}
              d={curve(wire.points, picture.direction)}
            />
            {wire.target >= 0 && end !== undefined ? (
              <path class={`ls-structure-arrow ${wire.isMask ? 'ls-structure-mask' : ''}`} d={arrow(end, wire.turned, picture.direction)} />
            ) : null}
          </g>
        );
      })}
      {picture.dots.map((dot, k) => (
        <circle key={k} class="ls-structure-dot" cx={dot.x} cy={dot.y} r={2.5} />
      ))}
      {picture.stubs.map(({ box, x, y, name, isUnused }) => (
        <g key={`stub ${box}`} data-stub={box}>
          <path
            class={`ls-structure-wire ${isUnused ? 'ls-structure-turned' : ''}`}
            d={picture.direction === 'down' ? `M${round(x)} ${round(y)}v9m-4 0h8` : `M${round(x)} ${round(y)}h9m0 -4v8`}
          />
          <text
            class="ls-structure-shape"
            x={picture.direction === 'down' ? x + 8 : x + 14}
            y={picture.direction === 'down' ? y + 13 : y + 4}
          >
            {fitName(name, 96, 'what')}
          </text>
        </g>
      ))}
      {picture.labels.map((label, k) => (
        <text key={k} class="ls-structure-shape" x={label.x} y={label.y} text-anchor={label.anchor}>
          {picture.direction === 'down' ? shapeOf(read, label.box) : fitName(shapeOf(read, label.box, true), GAPS.right.y - 12, 'what')}
        </text>
      ))}
    </g>
  );
}

/** Whether an edge leads to the layer or comes from it; a piece that goes on outside may do so. */
function isOnWay({ before, after }: Way, { source, target }: Wire): boolean {
  return after.has(source) || (before.has(source) && (target < 0 || before.has(target)));
}

/** Shape of what leaves a box: of its own layer, or of the last one in it. Side by side there is no room for the batch. */
function shapeOf({ model, boxes }: Read, id: number, isShort = false): string {
  let box = boxes.list[id];
  while (box !== undefined && (model.layers[box.layer]?.outputs.length ?? 0) === 0 && box.children.length > 0) {
    box = boxes.list[box.children.at(-1) ?? -1];
  }
  return box === undefined ? '' : outputText(model.layers[box.layer], isShort);
}

/** Straight along each rank, a curve from rank to rank. */
function curve(points: readonly Point[], direction: Direction): string {
  const [first] = points;
  if (first === undefined) return '';
  const isDown = direction === 'down';
  let d = `M${at(first)}`;
  points.forEach((point, k) => {
    const before = points[k - 1];
    if (before === undefined) return;
    if (k % 2 === 1 || (isDown ? before.x === point.x : before.y === point.y)) {
      d += `L${at(point)}`;
      return;
    }
    const middle = isDown ? (before.y + point.y) / 2 : (before.x + point.x) / 2;
    const [a, b] = isDown
      ? [
          { x: before.x, y: middle },
          { x: point.x, y: middle },
        ]
      : [
          { x: middle, y: before.y },
          { x: middle, y: point.y },
        ];
    d += `C${at(a)} ${at(b)} ${at(point)}`;
  });
  return d;
}

/** The head at the end of a line; at its beginning, turned round, where it closes a cycle. */
function arrow({ x, y }: Point, isTurned: boolean, direction: Direction): string {
  const back = isTurned ? 7 : -7;
  return `M${round(x)} ${round(y)}${direction === 'down' ? `l-3.5 ${back}h7z` : `l${back} -3.5v7z`}`;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(x: number): number {
  return Math.round(x * 100) / 100;
}
