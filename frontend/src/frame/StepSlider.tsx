import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Term } from '../components/Term';
import { count } from '../math/format';
import './step_slider.css';
import { marks, moved, nearest } from './steps';
import { useWidth } from './use_width';

/** Marks nearer to each other than this many pixels are a band: a comb says no more, and louder. */
const APART = 7;

interface Props {
  /** The steps that something was logged at, rising. */
  readonly ticks: readonly number[];
  /** What they are; epochs are counted from 0, and said from 1. */
  readonly counts: 'step' | 'epoch';
  /** The last step of the training. */
  readonly last: number;
  /** The chosen step; null follows the latest. */
  readonly chosen: number | null;
  /** The latest step when it was chosen. */
  readonly seen: number;
  /** Steps from which on the model had other layers. */
  readonly changes: readonly number[];
  /** How much of what happened is shown: `30 evaluations`. */
  readonly logged: string;
  readonly epoch: { readonly epoch: number; readonly of: number | null } | undefined;
  readonly choose: (step: number | null) => void;
}

/** How long each step stays while they play: less where there are many, so that all of them take half a minute. */
const stays = (steps: number) => Math.max(100, Math.min(500, 30_000 / steps));

/** Which step is shown: a slider over the logged ones, and the chip that follows the latest. */
export function StepSlider({ ticks, counts, last, chosen, seen, changes, logged, epoch, choose }: Props) {
  const track = useRef<HTMLDivElement>(null);
  const first = Math.min(ticks[0] ?? 0, last);
  const end = Math.max(last, first + 1);
  const step = chosen ?? last;
  const width = useWidth(track, 400);
  const marked = useMemo(() => marks(ticks, (APART * (end - first)) / width), [ticks, first, end, width]);
  const place = (at: number) => `${(100 * (Math.min(at, end) - first)) / (end - first)}%`;
  const newer = chosen === null ? 0 : ticks.filter((tick) => tick > Math.max(seen, step)).length;
  const said = (n: number) => (counts === 'epoch' ? n + 1 : n);
  const told = epoch === undefined ? '' : ` · epoch ${count(epoch.epoch)}${epoch.of === null ? '' : ` of ${count(epoch.of)}`}`;

  const [playing, play] = usePlay(ticks, step, choose);

  const point = (event: PointerEvent) => {
    play(false);
    if (track.current === null) return;
    const { left, width } = track.current.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width));
    const at = nearest(ticks, first + share * (end - first));
    if (at !== chosen) choose(at);
  };
  const press = (event: KeyboardEvent) => {
    const by: Record<string, number> = {
      ArrowRight: 1,
      ArrowUp: 1,
      ArrowLeft: -1,
      ArrowDown: -1,
      PageUp: 10,
      PageDown: -10,
      Home: -1e9,
      End: 1e9,
    };
    const places = by[event.key];
    if (places === undefined) return;
    event.preventDefault();
    play(false);
    if (ticks.length > 0) choose(moved(ticks, step, places));
  };

  return (
    <div class="ls-step">
      <Term name={counts}>{counts}</Term>
      {ticks.length < 2 ? null : (
        <button
          type="button"
          class="ls-step-play"
          aria-label={playing ? `stop at this ${counts}` : `play the ${counts}s`}
          title={playing ? 'stop' : `each logged ${counts} in turn, from here, or from the first if this is the last`}
          onClick={() => play(!playing)}
        >
          {playing ? '■' : '▶'}
        </button>
      )}
      <div
        class="ls-step-slider"
        role="slider"
        tabIndex={0}
        aria-label="step"
        aria-valuemin={first}
        aria-valuemax={last}
        aria-valuenow={Math.min(step, last)}
        aria-valuetext={`${counts} ${said(step)} of ${said(last)}${told}`}
        onKeyDown={press}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          point(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) point(event);
        }}
      >
        <div ref={track} class="ls-step-track">
          {marked.map(({ from, to }) =>
            from === to ? (
              <i key={from} class="ls-step-tick" style={{ left: place(from) }} />
            ) : (
              <i key={from} class="ls-step-band" style={{ left: place(from), width: `${(100 * (to - from)) / (end - first)}%` }} />
            ),
          )}
          {changes.map((at) => (
            <i key={`change ${at}`} class="ls-step-change" style={{ left: place(at) }} title={`other layers from step ${count(at)} on`} />
          ))}
          <i class="ls-step-done" style={{ width: place(step) }} />
          <i class="ls-step-knob" style={{ left: place(step) }} />
        </div>
      </div>
      <span class="ls-step-told">
        <b>{count(said(step))}</b> of {count(said(last))}
        {told}
      </span>
      {logged === '' ? null : <span class="ls-step-logged">{logged}</span>}
      <button type="button" class="ls-chip" aria-pressed={chosen === null} onClick={() => choose(chosen === null ? step : null)}>
        {newer > 0 ? `${count(newer)} newer ${newer === 1 ? counts : `${counts}s`}` : 'follow latest'}
      </button>
    </div>
  );
}

/** Shows each logged step in turn, to the last: whether it does so, and what starts and stops it. */
function usePlay(ticks: readonly number[], step: number, choose: Props['choose']): readonly [boolean, (on: boolean) => void] {
  const [playing, setPlaying] = useState(false);
  const next = ticks.find((tick) => tick > step);
  useEffect(() => {
    if (!playing) return undefined;
    if (next === undefined) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => choose(next), stays(ticks.length));
    return () => clearTimeout(timer);
  }, [playing, next]);
  const play = (on: boolean) => {
    if (on === playing) return;
    setPlaying(on);
    const [first] = ticks;
    if (on && next === undefined && first !== undefined) choose(first);
  };
  return [playing && next !== undefined, play];
}
