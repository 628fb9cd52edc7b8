import { useEffect, useRef, useState } from 'preact/hooks';
import { hideTooltip, showTooltip } from '../../components/tooltip';

interface Props {
  /** What they are, for those who hear it. */
  readonly label: string;
  /** Which bins there are to go to, from left to right: those that hold samples. */
  readonly bins: readonly number[];
  /** Left end and width of a bin, in pixels. */
  readonly place: (bin: number) => readonly [left: number, width: number];
  readonly text: (bin: number) => string;
  /** The bin whose samples are shown. */
  readonly selected: number | undefined;
  readonly onSelect: (bin: number | undefined) => void;
}

/** Takes hold of what stands side by side in a picture, such as bins: a press, or Enter, selects one; the arrow keys go along them. */
export function Bins({ label, bins, place, text, selected, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [isOver, setIsOver] = useState(false);
  useEffect(() => hideTooltip, []);
  const here = at !== null && bins.includes(at) ? at : (selected ?? bins[0] ?? 0);
  const nearest = (x: number): number => {
    const far = (bin: number) => {
      const [left, width] = place(bin);
      return x < left ? left - x : Math.max(0, x - left - width);
    };
    return bins.reduce((best, bin) => (far(bin) < far(best) ? bin : best), bins[0] ?? 0);
  };
  const point = (event: MouseEvent) => {
    const bin = nearest(event.clientX - (box.current?.getBoundingClientRect().left ?? 0));
    setAt(bin);
    setIsOver(true);
    showTooltip(text(bin), event.clientX, event.clientY);
    return bin;
  };
  const take = (bin: number) => onSelect(bin === selected ? undefined : bin);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = MOVES[event.key]?.(bins.indexOf(here), bins.length - 1);
    if (to !== undefined) setAt(bins[Math.min(bins.length - 1, Math.max(0, to))] ?? here);
    else if (event.key === 'Enter' || event.key === ' ') take(here);
    else if (event.key === 'Escape' && selected !== undefined) onSelect(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const mark = (bin: number, isOn: boolean) => {
    const [left, width] = place(bin);
    return <div class={`ls-curves-bin${isOn ? ' ls-on' : ''}`} style={{ left: `${left}px`, width: `${Math.max(2, width)}px` }} />;
  };
  return (
    <div
      ref={box}
      class={`ls-curves-bins${isOver ? ' ls-over' : ''}`}
      data-drills
      data-unsaved
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, bins.length - 1)}
      aria-valuenow={Math.max(0, bins.indexOf(here))}
      aria-valuetext={text(here)}
      onPointerMove={point}
      onPointerLeave={() => {
        setIsOver(false);
        hideTooltip();
      }}
      onClick={(event) => take(point(event))}
      onKeyDown={press}
    >
      {selected === undefined ? null : mark(selected, true)}
      {here === selected ? null : mark(here, false)}
    </div>
  );
}

/** Places that keys go to, from a place and the last one. */
const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};
