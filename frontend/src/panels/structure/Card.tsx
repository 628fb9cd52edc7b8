import type { Box } from '../../math/folding';
import { percent } from '../../math/format';
import { fitName, fitParts, widthOf } from './fit';
import { calledBy, readingOf } from './health';
import { type Colouring, isFrozen, paint, saidBy, share, toldBy } from './paint';
import { isPill, type Placed } from './picture';
import type { Read } from './read_structure';
import { cellsOf, Strip } from './Strip';
import { describe, times, title } from './words';

interface Props {
  readonly read: Read;
  readonly placed: Placed;
  readonly colouring: Colouring;
  readonly onCopy: (copy: number) => void;
}

/** A closed box: its name, what it is, and its share of all parameters. In its own coordinates. */
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
          {fitName(title(box), width - 20)}
          <Said words=", operation" />
        </text>
      </>
    );
  }
  // At the right above: what the colour says.
  const told = typeof colouring === 'string' ? toldBy(colouring, read, box) : reading?.text;
  const left = box.children.length > 0 ? 34 : 14;
  const calls = model.layers[box.layer]?.calls ?? 1;
  const right = calls > 1 ? `${(model.layers[box.layer]?.call ?? 0) + 1} of ${calls}` : '';
  const room = width - left - EDGE;
  const beside = (text: string | undefined) => (text === undefined || text === '' ? 0 : widthOf(text, 'what') + 10);
  const what = reading?.bad === undefined ? describe(model, boxes, box) : `NaN or ∞ in ${reading.bad}`;
  return (
    <>
      {box.kind === 'repeat' ? (
        <>
          <rect class="ls-structure-box ls-structure-behind" x={6} y={6} width={width} height={height} rx={6} />
          <rect class="ls-structure-box ls-structure-behind" x={3} y={3} width={width} height={height} rx={6} />
        </>
      ) : null}
      <rect class="ls-structure-box" width={width} height={height} rx={6} style={{ fill }} />
      {isHatched || (isFrozen(box) && typeof colouring === 'string' && colouring !== 'cost') ? (
        <rect class="ls-structure-hatch" width={width} height={height} rx={6} />
      ) : null}
      {box.children.length > 0 ? <Chevron open={false} ink={ink} /> : null}
      <text class="ls-structure-name" x={left} y={18} style={style}>
        {fitName(box.name, room - beside(told) - widthOf(times(box), 'name'))}
        <tspan class="ls-structure-times">{times(box)}</tspan>
        <Said words=", " />
      </text>
      <text class="ls-structure-what" x={left} y={33} style={style}>
        {fitParts(what, room - beside(right))}
        <Said words={isFrozen(box) ? ', frozen, ' : ', '} />
      </text>
      {told === undefined ? null : (
        <text class="ls-structure-what" x={width - EDGE} y={18} text-anchor="end" style={style} data-testid="told">
          {told}
          <Said words={` ${typeof colouring === 'string' ? saidBy(colouring) : calledBy(colouring)} `} />
        </text>
      )}
      {right === '' ? null : (
        <text class="ls-structure-what" x={width - EDGE} y={33} text-anchor="end" style={style}>
          {right}
          <Said words=" calls " />
        </text>
      )}
      {box.kind === 'repeat' ? <Strip read={read} box={box} colouring={colouring} x={left} y={38} width={room} onCopy={onCopy} /> : null}
    </>
  );
}

/** Space between the text and the border. */
const EDGE = 12;

/** Words for those who hear the box; in the text itself, so that what is heard is what is seen. */
export function Said({ words }: { words: string }) {
  return <tspan class="ls-structure-said">{words}</tspan>;
}

/** The sign that a box can be opened, or closed. */
export function Chevron({ open, ink }: { open: boolean; ink?: string | undefined }) {
  return (
    <path
      class="ls-structure-chevron"
      d={open ? 'M15 10.5l4.5 5 4.5-5' : 'M17 9.5l5 4.5-5 4.5'}
      style={ink === undefined ? undefined : { stroke: ink }}
    />
  );
}

/** What a screen reader says of a box. */
export function spoken(read: Read, box: Box, colouring: Colouring): string {
  const of = share(read.model, box);
  const reading = typeof colouring === 'string' ? undefined : readingOf(colouring, read, box);
  const own = typeof colouring === 'string' && saidBy(colouring) !== saidBy('parameters') ? toldBy(colouring, read, box) : undefined;
  const health =
    reading === undefined || typeof colouring === 'string'
      ? own === undefined
        ? ''
        : `, ${own} ${typeof colouring === 'string' ? saidBy(colouring) : ''}`
      : `, ${calledBy(colouring)} ${reading.text}${reading.bad === undefined ? '' : ` in ${reading.bad}`}`;
  const cells =
    box.kind === 'repeat' ? `, ${cellsOf(box).length === box.children.length ? '' : 'about '}${box.children.length} copies` : '';
  return `${title(box)}, ${describe(read.model, read.boxes, box)}${of === undefined ? '' : `, ${percent(of)} of all parameters`}${cells}${isFrozen(box) ? ', frozen' : ''}${health}`;
}
