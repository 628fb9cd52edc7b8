import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { hideTooltip, showTooltip } from '../../components/tooltip';
import { announce } from '../../live';
import type { Box } from '../../math/folding';
import { BoxTip } from './BoxTip';
import { Card, spoken } from './Card';
import { Crumbs } from './Crumbs';
import { Frame } from './Frame';
import { Legend } from './Legend';
import { MarkBadge, MarksKey } from './MarkBadge';
import { Minimap } from './Minimap';
import type { Mark } from './marks';
import { glide, type Shot, shifts, shotOf } from './motion';
import { directionOf, neighbour } from './moves';
import type { Colouring } from './paint';
import { type Direction, draw, type Picture, type Placed } from './picture';
import { reach } from './reach';
import type { Read } from './read_structure';
import { useZoom } from './use_zoom';
import { type Way, Wires } from './Wires';

interface Props {
  readonly read: Read;
  /** Keys of the open boxes. */
  readonly open: ReadonlySet<string>;
  /** Copy shown of each open repeat, by key. */
  readonly copies: ReadonlyMap<string, number>;
  readonly colouring: Colouring;
  readonly direction: Direction;
  /** Whether all is faint but what the selected layer is computed from, and what from it. */
  readonly isPath: boolean;
  /** How boxes differ from those of another model, by id. */
  readonly marks: ReadonlyMap<number, Mark> | undefined;
  /** Path of the selected layer. */
  readonly selected: string | null;
  readonly onSelect: (box: Box) => void;
  readonly onToggle: (box: Box, open: boolean) => void;
  readonly onCopy: (box: Box, copy: number) => void;
}

/** The model as boxes in boxes. One tab stop; the arrow keys go from box to box, Enter opens, Escape closes. */
export function Graph({ read, open, copies, colouring, direction, isPath, marks, selected, onSelect, onToggle, onCopy }: Props) {
  const { model, boxes } = read;
  const picture = useMemo(() => {
    const ids = new Set(boxes.list.filter((box) => open.has(box.key)).map((box) => box.id));
    const shown = new Map(boxes.list.flatMap((box) => (copies.has(box.key) ? [[box.id, copies.get(box.key) ?? 0] as const] : [])));
    return draw(model, boxes, ids, shown, direction);
  }, [model, boxes, open, copies, direction]);
  const layer = model.layers.find((each) => each.path === selected);
  const [cursor, setCursor] = useState<string | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const zoom = useZoom(scroller, picture.width + 2 * MARGIN, picture.height + 2 * MARGIN, direction === 'right');
  const byKey = new Map(picture.placed.map((placed) => [placed.box.key, placed]));
  const own = layer === undefined ? undefined : boxes.list[boxes.of[layer.index] ?? -1];
  const current = byKey.get(cursor ?? own?.key ?? '') ?? picture.placed[0];

  // The box that was opened or closed stays where it is on the screen, whatever moves around it.
  const held = useRef<{ key: string; shot: Shot } | null>(null);
  const hold = (placed: Placed) => {
    if (svg.current !== null) held.current = { key: placed.box.key, shot: shotOf(svg.current, picture.placed, zoom.scale, MARGIN) };
    setCursor(placed.box.key);
  };
  const focus = useRef<string | null>(null);
  useLayoutEffect(() => {
    const before = held.current;
    held.current = null;
    if (before !== null && svg.current !== null && scroller.current !== null) {
      const drawn = svg.current;
      const shot = () => shotOf(drawn, picture.placed, zoom.scale, MARGIN);
      const now = shot();
      const shift = shifts(before.shot, now).get(before.key);
      scroller.current.scrollLeft -= (shift?.x ?? 0) * now.scale;
      scroller.current.scrollTop -= (shift?.y ?? 0) * now.scale;
      glide(drawn, before.shot, shot());
    }
    if (focus.current !== null) focusBox(svg.current, focus.current, true);
    focus.current = null;
  }, [picture]);

  // A layer chosen elsewhere is brought into sight.
  const sought = useRef<string | null>(null);
  useLayoutEffect(() => {
    const box = scroller.current;
    const placed = own === undefined ? undefined : byKey.get(own.key);
    if (sought.current === selected || box === null || placed === undefined || !zoom.isReady) return;
    sought.current = selected;
    const [top, bottom] = [(placed.y + MARGIN) * zoom.scale, (placed.y + MARGIN + placed.height) * zoom.scale];
    const [left, right] = [(placed.x + MARGIN) * zoom.scale, (placed.x + MARGIN + placed.width) * zoom.scale];
    if (top < box.scrollTop || bottom > box.scrollTop + box.clientHeight) box.scrollTop = (top + bottom - box.clientHeight) / 2;
    if (left < box.scrollLeft || right > box.scrollLeft + box.clientWidth) box.scrollLeft = (left + right - box.clientWidth) / 2;
  }, [selected, picture, zoom.isReady, zoom.scale]);

  const toggle = (placed: Placed) => {
    hold(placed);
    // Its element is made anew, among the frames or among the cards.
    focus.current = placed.box.key;
    hideTooltip();
    onToggle(placed.box, !placed.open);
    announce(`${placed.box.name} ${placed.open ? 'closed' : 'opened'}`);
  };
  const press = (placed: Placed) => {
    setCursor(placed.box.key);
    if (placed.box.layer >= 0) onSelect(placed.box);
    if (placed.box.children.length > 0 && !placed.open) toggle(placed);
  };
  const turn = (placed: Placed, copy: number) => {
    const n = placed.box.children.length;
    hold(placed);
    onCopy(placed.box, Math.min(n - 1, Math.max(0, copy)));
    announce(`copy ${copy + 1} of ${n}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (current === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = directionOf(event.key);
    if (way !== undefined) {
      event.preventDefault();
      if (event.shiftKey && current.box.kind === 'repeat' && current.open && (way === 'left' || way === 'right')) {
        turn(current, (copies.get(current.box.key) ?? 0) + (way === 'left' ? -1 : 1));
        return;
      }
      const next = neighbour(picture.placed, current, way, direction);
      if (next === undefined) return;
      setCursor(next.box.key);
      focusBox(svg.current, next.box.key);
      const mark = marks?.get(next.box.id);
      announce(`${spoken(read, next.box, colouring)}${mark === undefined ? '' : `, ${mark.words}`}`);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (event.key === 'Enter' && current.open) toggle(current);
      else press(current);
    } else if (event.key === 'Escape') {
      const closing = current.open ? current : picture.placed.find((placed) => placed.box.id === current.scope);
      if (closing === undefined) return;
      event.preventDefault();
      toggle(closing);
    }
  };

  const onWay = useMemo(
    () => (isPath && layer !== undefined ? wayOf(read, picture, layer.index) : undefined),
    [isPath, layer, read, picture],
  );
  const lit = new Set([hovered, own?.id].flatMap((id) => (id === null || id === undefined ? [] : [id])));
  // Over the empty side of a column; below a row, which has none.
  const map = <Minimap read={read} picture={picture} colouring={colouring} scroller={scroller} scale={zoom.scale} margin={MARGIN} />;
  return (
    <div class="ls-structure-graph">
      {boxes.list.some((box) => box.children.length > 0) ? (
        <Crumbs
          model={model.name}
          placed={picture.placed}
          current={byKey.get(cursor ?? own?.key ?? '')}
          go={(placed) => {
            setCursor(placed.box.key);
            focusBox(svg.current, placed.box.key);
          }}
        />
      ) : null}
      <div class="ls-structure-window">
        <div class="ls-structure-scroll" ref={scroller} {...zoom.drag}>
          <svg
            ref={svg}
            width={(picture.width + 2 * MARGIN) * zoom.scale}
            height={(picture.height + 2 * MARGIN) * zoom.scale}
            viewBox={`${-MARGIN} ${-MARGIN} ${picture.width + 2 * MARGIN} ${picture.height + 2 * MARGIN}`}
          >
            <title>{`layers of ${model.name}`}</title>
            <defs>
              <pattern id="ls-structure-hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <path class="ls-structure-hatching" d="M0 0V6" />
              </pattern>
            </defs>
            <g role="tree" aria-label={`layers of ${model.name}`} onKeyDown={onKeyDown}>
              {FRAMES_FIRST.map((frames) => (
                <g key={String(frames)}>
                  {frames ? null : <Wires read={read} picture={picture} lit={lit} onWay={onWay} />}
                  {picture.placed
                    .filter((placed) => placed.open === frames)
                    .map((placed) => {
                      const { box } = placed;
                      const its = model.layers[box.layer];
                      const isSelected = its !== undefined && its === layer;
                      const twin =
                        its !== undefined && layer !== undefined && its !== layer && its.layer !== '' && its.layer === layer.layer;
                      const copy = copies.get(box.key) ?? 0;
                      return (
                        <g
                          key={box.key}
                          class={`ls-structure-item ${isSelected ? 'ls-selected' : ''} ${twin ? 'ls-twin' : ''} ${onWay === undefined || onWay.before.has(box.id) || onWay.after.has(box.id) ? '' : 'ls-faint'}`}
                          transform={`translate(${placed.x} ${placed.y})`}
                          role="treeitem"
                          // In lower case: an attribute of an SVG element is taken as it is written.
                          tabindex={placed === current ? 0 : -1}
                          aria-level={box.depth + 1}
                          aria-selected={isSelected}
                          aria-expanded={box.children.length > 0 ? placed.open : undefined}
                          data-box={box.key}
                          data-kind={box.kind}
                          data-layer={its?.path}
                          onFocus={() => setCursor(box.key)}
                          onClick={() => (placed.open ? toggle(placed) : press(placed))}
                          onMouseMove={(event: MouseEvent) => {
                            setHovered(box.id);
                            if (!placed.open)
                              showTooltip(
                                <BoxTip read={read} box={box} colouring={colouring} mark={marks?.get(box.id)} />,
                                event.clientX,
                                event.clientY,
                              );
                          }}
                          onMouseLeave={() => {
                            setHovered(null);
                            hideTooltip();
                          }}
                        >
                          {placed.open ? (
                            <Frame read={read} placed={placed} colouring={colouring} copy={copy} onCopy={(n) => turn(placed, n)} />
                          ) : (
                            <Card read={read} placed={placed} colouring={colouring} onCopy={(n) => turn(placed, n)} />
                          )}
                          <MarkBadge mark={marks?.get(box.id)} x={placed.width} />
                        </g>
                      );
                    })}
                </g>
              ))}
            </g>
          </svg>
        </div>
        {direction === 'down' ? map : null}
      </div>
      <div class="ls-structure-foot">
        <Legend read={read} colouring={colouring} />
        {marks === undefined || marks.size === 0 ? null : <MarksKey marks={marks} />}
        {direction === 'right' ? map : null}
        <div class="ls-structure-zoom">
          <button type="button" class="ls-button" aria-label="smaller" onClick={() => zoom.by(1 / 1.25)}>
            −
          </button>
          <button type="button" class="ls-button" aria-label="larger" onClick={() => zoom.by(1.25)}>
            +
          </button>
          <button type="button" class="ls-button" onClick={zoom.fit}>
            fit
          </button>
        </div>
      </div>
    </div>
  );
}

/** Boxes on the page that hold what a layer is computed from, or what is computed from it; that itself in both. */
function wayOf({ model, boxes }: Read, picture: Picture, layer: number): Way {
  const { before, after } = reach(model, layer);
  const placed = new Set(picture.placed.map(({ box }) => box.id));
  const around = (layers: ReadonlySet<number>) => {
    const found = new Set<number>();
    for (const index of [layer, ...layers]) {
      for (let id = boxes.of[index] ?? -1; id >= 0; id = boxes.list[id]?.parent ?? -1) if (placed.has(id)) found.add(id);
    }
    return found;
  };
  return { before: around(before), after: around(after) };
}

/** Space around the picture, for outlines and the stack of a repeat. */
const MARGIN = 12;

/** Frames lie under the edges, and cards over them. */
const FRAMES_FIRST = [true, false] as const;

function focusBox(svg: SVGSVGElement | null, key: string, preventScroll = false): void {
  for (const element of svg?.querySelectorAll<SVGGElement>('[data-box]') ?? []) {
    if (element.dataset.box === key) {
      element.focus({ preventScroll });
      return;
    }
  }
}
