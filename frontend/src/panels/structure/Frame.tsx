import type { Box } from '../../math/folding';
import { count } from '../../math/format';
import { countOf } from '../../math/tree';
import { Chevron, Said } from './Card';
import { differsIn } from './differs';
import { fitEnd, fitName, widthOf } from './fit';
import { calledBy, readingOf } from './health';
import { type Colouring, isFrozen, saidBy, toldBy } from './paint';
import type { Placed } from './picture';
import type { Read } from './read_structure';
import { Strip } from './Strip';
import { layersIn, times, title } from './words';

interface Props {
  readonly read: Read;
  readonly placed: Placed;
  readonly colouring: Colouring;
  readonly copy: number;
  readonly onCopy: (copy: number) => void;
}

/** An open box: a border with a title; what it holds is drawn over it. In its own coordinates. */
export function Frame({ read, placed, colouring, copy, onCopy }: Props) {
  const { box, width, height } = placed;
  const layer = read.model.layers[box.layer];
  const reading = typeof colouring === 'string' ? undefined : readingOf(colouring, read, box);
  const health = reading?.bad === undefined ? reading?.text : `NaN or ∞ in ${reading.bad}`;
  const told = typeof colouring === 'string' ? toldBy(colouring, read, box) : health;
  const own = countOf(layer?.weights.flatMap((index) => read.model.weights[index] ?? []) ?? []).total;
  const hints = [layer?.class, layersIn(box), own > 0 ? `${count(own)} of its own` : undefined, told];
  const room = width - LEFT - RIGHT;
  // The name is whole where that is possible: what stands at the right gives way, the least first.
  const wide = Math.min(widthOf(title(box), 'name'), room / 2) + 12;
  let hint = hints.filter((part) => part !== undefined);
  while (hint.length > 1 && widthOf(hint.join(SEPARATOR), 'what') > room - wide) hint = hint.slice(1);
  const right = fitName(hint.join(SEPARATOR), room - wide, 'what');
  const copies =
    box.kind === 'repeat' ? [`copy ${copy + 1} of ${box.children.length} shown`, differing(read, box)].filter(Boolean).join(SEPARATOR) : '';
  const strip = Math.min(room / 2, 8 * Math.min(24, box.children.length));
  return (
    <>
      <rect class="ls-structure-frame" width={width} height={height} rx={8} />
      {isFrozen(box) ? <rect class="ls-structure-hatch" width={width} height={28} rx={8} /> : null}
      <Chevron open />
      <text class="ls-structure-name" x={LEFT} y={18}>
        {fitName(box.name, room - widthOf(right, 'what') - widthOf(times(box), 'name') - 12)}
        <tspan class="ls-structure-times">{times(box)}</tspan>
        <Said words=", " />
      </text>
      <text class="ls-structure-what" x={width - RIGHT} y={18} text-anchor="end">
        {right}
        <Said words={told === undefined ? ' ' : ` ${typeof colouring === 'string' ? saidBy(colouring) : calledBy(colouring)} `} />
      </text>
      {box.kind === 'repeat' ? (
        <>
          <Strip read={read} box={box} colouring={colouring} x={14} y={28} width={strip} shown={copy} onCopy={onCopy} />
          <text class="ls-structure-what" x={14 + strip + 8} y={36}>
            {fitEnd(copies, width - strip - 22 - RIGHT)}
          </text>
        </>
      ) : null}
    </>
  );
}

const LEFT = 34;
const RIGHT = 14;
const SEPARATOR = ' · ';

/** In what the copies of a fold differ, and from it the block beside it. */
export function differing({ model, boxes }: Read, box: Box): string {
  const told = differsIn(boxes, model, box);
  return told.length === 0 ? '' : `differs in: ${told.join('; ')}`;
}
