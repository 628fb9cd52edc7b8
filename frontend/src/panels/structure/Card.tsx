import { middle, visible } from '../../math/ellipsis';
import type { Box } from '../../math/folding';
import { percent } from '../../math/format';
import { calledBy, readingOf } from './health';
import { type Colouring, isFrozen, paint, share } from './paint';
import { isPill, type Placed } from './picture';
import type { Read } from './read_structure';
import { cellsOf, Strip } from './Strip';
import { describe, shorten, title } from './words';

interface Props {
  readonly read: Read;
  readonly placed: Placed;
  readonly colouring: Colouring;
  readonly onCopy: (copy: number) => void;
}

/** A closed box: its name, what it is, and its share of all parameters as number and bar. In its own coordinates. */
export function Card({ read, placed, colouring, onCopy }: Props) {
  const { model, boxes } = read;
  const { box, width, height } = placed;
  const { fill, ink, isHatched = false } = paint(colouring, read, box);
  const reading = typeof colouring === 'string' ? undefined : readingOf(colouring, read, box);
  const style = ink === undefined ? undefined : { fill: ink };
  if (isPill(model, box)) {
    return (
      <>
        <rect class="ls-structure-box" width={width} height={height} rx={height / 2} style={{ fill }} />
        <text class="ls-structure-name" x={width / 2} y={18} text-anchor="middle" style={style}>
          {visible(middle(title(box), 16))}
          <Said words=", operation" />
        </text>
      </>
    );
  }
  const of = share(model, box);
  // At the right above: what the colour says.
  const told = typeof colouring === 'string' ? (of === undefined ? undefined : percent(of)) : reading?.text;
  const left = box.children.length > 0 ? 34 : 14;
  const calls = model.layers[box.layer]?.calls ?? 1;
  const right = calls > 1 ? `${(model.layers[box.layer]?.call ?? 0) + 1} of ${calls}` : '';
  return (
    <>
      {box.kind === 'repeat' ? (
        <>
          <rect class="ls-structure-box ls-structure-behind" x={6} y={6} width={width} height={height} rx={6} />
          <rect class="ls-structure-box ls-structure-behind" x={3} y={3} width={width} height={height} rx={6} />
        </>
      ) : null}
      <rect class="ls-structure-box" width={width} height={height} rx={6} style={{ fill }} />
      {isHatched || (isFrozen(box) && typeof colouring === 'string') ? (
        <rect class="ls-structure-hatch" width={width} height={height} rx={6} />
      ) : null}
      {box.children.length > 0 ? <Chevron open={false} ink={ink} /> : null}
      <g clip-path={told === undefined ? 'url(#ls-structure-clip)' : 'url(#ls-structure-clip-name)'}>
        <text class="ls-structure-name" x={left} y={20} style={style}>
          {visible(middle(title(box), told === undefined ? 28 : 28 - Math.max(5, told.length) - (left > 14 ? 3 : 0)))}
          <Said words=", " />
        </text>
      </g>
      <g clip-path="url(#ls-structure-clip)">
        <text class="ls-structure-what" x={left} y={36} style={style}>
          {reading?.bad === undefined
            ? shorten(describe(model, boxes, box), (right === '' ? 38 : 30) - (left > 14 ? 3 : 0))
            : visible(middle(`NaN or ∞ in ${reading.bad}`, 36))}
          <Said words={isFrozen(box) ? ', frozen, ' : ', '} />
        </text>
      </g>
      {told === undefined ? null : (
        <text class="ls-structure-what" x={width - 12} y={20} text-anchor="end" style={style} data-testid="told">
          {told}
          <Said words={typeof colouring === 'string' ? ' of all parameters ' : ` ${calledBy(colouring)} `} />
        </text>
      )}
      {right === '' ? null : (
        <text class="ls-structure-what" x={width - 12} y={36} text-anchor="end" style={style}>
          {right}
          <Said words=" calls " />
        </text>
      )}
      {box.kind === 'repeat' ? (
        <Strip read={read} box={box} colouring={colouring} x={left} y={41} width={width - left - 12} ink={ink} onCopy={onCopy} />
      ) : typeof colouring !== 'string' ? null : (
        <Bar of={of} ink={ink} x={left} y={44} width={width - left - 12} />
      )}
    </>
  );
}

/** Share of all parameters as a thin bar; none for a box without any. */
function Bar({ of, ink, x, y, width }: { of: number | undefined; ink: string | undefined; x: number; y: number; width: number }) {
  if (of === undefined) return null;
  const style = ink === undefined ? undefined : { fill: ink };
  return (
    <>
      <rect class="ls-structure-track" x={x} y={y} width={width} height={3} rx={1.5} style={style} />
      <rect class="ls-structure-length" x={x} y={y} width={Math.max(1.5, of * width)} height={3} rx={1.5} style={style} />
    </>
  );
}

/** Words for those who hear the box; in the text itself, so that what is heard is what is seen. */
export function Said({ words }: { words: string }) {
  return <tspan class="ls-structure-said">{words}</tspan>;
}

/** The sign that a box can be opened, or closed. */
export function Chevron({ open, ink }: { open: boolean; ink?: string | undefined }) {
  return (
    <path
      class="ls-structure-chevron"
      d={open ? 'M15 11.5l4.5 5 4.5-5' : 'M17 10l5 4.5-5 4.5'}
      style={ink === undefined ? undefined : { stroke: ink }}
    />
  );
}

/** What a screen reader says of a box. */
export function spoken(read: Read, box: Box, colouring: Colouring): string {
  const of = share(read.model, box);
  const reading = typeof colouring === 'string' ? undefined : readingOf(colouring, read, box);
  const health =
    reading === undefined || typeof colouring === 'string'
      ? ''
      : `, ${calledBy(colouring)} ${reading.text}${reading.bad === undefined ? '' : ` in ${reading.bad}`}`;
  const cells =
    box.kind === 'repeat' ? `, ${cellsOf(box).length === box.children.length ? '' : 'about '}${box.children.length} copies` : '';
  return `${title(box)}, ${describe(read.model, read.boxes, box)}${of === undefined ? '' : `, ${percent(of)} of all parameters`}${cells}${isFrozen(box) ? ', frozen' : ''}${health}`;
}
