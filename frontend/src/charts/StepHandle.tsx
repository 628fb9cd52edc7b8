import { type Domain, zoomed } from '../math/domain';
import { nearest, type Stop } from '../math/placed';

interface Props {
  readonly stops: readonly Stop[];
  readonly at: number;
  readonly text: string;
  readonly step: number;
  readonly shown: Domain;
  readonly choose: (stop: Stop) => void;
  readonly zoom: (to: Domain | undefined) => void;
}

const FAR = 10;

/** The grip of the step's line, and the keyboard's way to it: arrows go to the next logged place, with Page keys ten of them; + and - zoom around it. */
export function StepHandle({ stops, at, step, text, shown, choose, zoom }: Props) {
  const press = (event: KeyboardEvent) => {
    const closer = event.key === '+' || event.key === '=' ? 0.5 : event.key === '-' ? 2 : undefined;
    if (closer !== undefined) {
      event.preventDefault();
      zoom(zoomed(shown, at, closer));
      return;
    }
    const here = stops.indexOf(nearest(stops, at) ?? { x: 0, step: 0 });
    const to = destination(event.key, here, stops.length);
    if (to === undefined) return;
    event.preventDefault();
    const stop = stops[Math.min(stops.length - 1, Math.max(0, to))];
    if (stop !== undefined) choose(stop);
  };
  return (
    <div
      class="ls-axis-handle"
      role="slider"
      tabIndex={0}
      aria-label="step in the charts"
      aria-orientation="horizontal"
      // The step may lie beyond what is drawn: while a training is live its list is ahead of its points.
      aria-valuemin={Math.min(stops[0]?.step ?? step, step)}
      aria-valuemax={Math.max(stops.at(-1)?.step ?? step, step)}
      aria-valuenow={step}
      aria-valuetext={text}
      onKeyDown={press}
    />
  );
}

function destination(key: string, here: number, size: number): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return here - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return here + 1;
    case 'PageDown':
      return here - FAR;
    case 'PageUp':
      return here + FAR;
    case 'Home':
      return 0;
    case 'End':
      return size - 1;
    default:
      return undefined;
  }
}
