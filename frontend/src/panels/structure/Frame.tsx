import { middle, visible } from '../../math/ellipsis';
import { percent } from '../../math/format';
import { Chevron, Said } from './Card';
import { calledBy, readingOf } from './health';
import { type Colouring, isFrozen, share } from './paint';
import type { Placed } from './picture';
import type { Read } from './read_structure';
import { Strip } from './Strip';
import { layersIn, title } from './words';

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
  const of = share(read.model, box);
  const room = Math.floor((width - 52) / 6.4);
  const name = title(box);
  const reading = typeof colouring === 'string' ? undefined : readingOf(colouring, read, box);
  const health = reading?.bad === undefined ? reading?.text : `NaN or ∞ in ${visible(middle(reading.bad, 20))}`;
  const told = typeof colouring !== 'string' ? health : of === undefined ? undefined : percent(of);
  const hint = [layer?.class, layersIn(box), told].filter((part) => part !== undefined).join(' · ');
  const nameRoom = Math.max(10, room - 4 - Math.ceil(hint.length * 0.86));
  return (
    <>
      <rect class="ls-structure-frame" width={width} height={height} rx={8} />
      {isFrozen(box) ? <rect class="ls-structure-hatch" width={width} height={28} rx={8} /> : null}
      <Chevron open />
      <text class="ls-structure-name" x={34} y={19}>
        {visible(middle(name, nameRoom))}
        <Said words=", " />
      </text>
      <text class="ls-structure-what" x={width - 14} y={19} text-anchor="end">
        {hint}
        <Said words={told === undefined ? ' ' : typeof colouring === 'string' ? ' of all parameters ' : ` ${calledBy(colouring)} `} />
      </text>
      {box.kind === 'repeat' ? (
        <>
          <text class="ls-structure-what" x={14} y={39}>
            {`copy ${copy + 1} of ${box.children.length}${box.similar ? ', sizes vary' : ''}`}
          </text>
          <Strip
            read={read}
            box={box}
            colouring={colouring}
            x={box.similar ? 170 : 108}
            y={31}
            width={width - (box.similar ? 184 : 122)}
            shown={copy}
            onCopy={onCopy}
          />
        </>
      ) : null}
    </>
  );
}
