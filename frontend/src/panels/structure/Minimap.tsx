import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Colouring, paint } from './paint';
import type { Picture } from './picture';
import type { Read } from './read_structure';

interface Props {
  readonly read: Read;
  readonly picture: Picture;
  readonly colouring: Colouring;
  readonly scroller: RefObject<HTMLElement | null>;
  /** Pixels of the screen to one of the picture, and the space around the picture in its own pixels. */
  readonly scale: number;
  readonly margin: number;
}

/** A picture that is this much larger than what is seen of it has a map. */
const WORTH = 1.5;
const MOST = { width: 200, height: 180 };
/** A row of boxes would be a line: a map is at least so high and so wide. */
const LEAST = 28;

interface Seen {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The whole picture, small, with what is seen of it; a press or a drag goes there. For the pointer: the keys go from box to box. */
export function Minimap({ read, picture, colouring, scroller, scale, margin }: Props) {
  const [seen, setSeen] = useState<Seen | null>(null);
  const map = useRef<SVGSVGElement>(null);
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const look = () => setSeen({ left: box.scrollLeft, top: box.scrollTop, width: box.clientWidth, height: box.clientHeight });
    look();
    box.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => {
      box.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [scroller, picture, scale]);
  const width = (picture.width + 2 * margin) * scale;
  const height = (picture.height + 2 * margin) * scale;
  if (seen === null || seen.width === 0 || (width < WORTH * seen.width && height < WORTH * seen.height)) return null;
  const small = Math.min(MOST.width / width, MOST.height / height);
  const size = { width: Math.max(LEAST, width * small), height: Math.max(LEAST, height * small) };
  const go = (event: PointerEvent) => {
    const own = map.current?.getBoundingClientRect();
    if (own === undefined || event.buttons === 0) return;
    scroller.current?.scrollTo(
      ((event.clientX - own.left) * width) / size.width - seen.width / 2,
      ((event.clientY - own.top) * height) / size.height - seen.height / 2,
    );
  };
  return (
    <svg
      ref={map}
      class="ls-structure-map"
      aria-hidden="true"
      width={size.width}
      height={size.height}
      preserveAspectRatio="none"
      viewBox={`0 0 ${width} ${height}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <g transform={`scale(${scale}) translate(${margin} ${margin})`}>
        {picture.placed.map((placed) => (
          <rect
            key={placed.box.key}
            class={placed.open ? 'ls-structure-map-frame' : 'ls-structure-map-box'}
            x={placed.x}
            y={placed.y}
            width={placed.width}
            height={placed.height}
            style={placed.open ? {} : { fill: paint(colouring, read, placed.box).fill }}
          />
        ))}
      </g>
      <rect
        class="ls-structure-seen"
        x={seen.left}
        y={seen.top}
        width={Math.min(width, seen.width)}
        height={Math.min(height, seen.height)}
      />
    </svg>
  );
}
