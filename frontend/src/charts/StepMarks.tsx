import { useMemo } from 'preact/hooks';
import { AXIS_NAMES } from '../math/series';
import { nameGap } from './axis';
import { placeText, placeTicks } from './ticks';
import type { StepAxis } from './use_step_axis';
import './marks.css';

/** Marks of an axis stand this far apart at least, in CSS pixels. */
export const MARK = 80;

interface Props {
  /** In CSS pixels, as the two others. */
  readonly top: number;
  readonly left: number;
  readonly width: number;
}

/** The marks of the shared axis, below a picture. */
export function StepMarks({ axis, ...place }: Props & { readonly axis: StepAxis }) {
  const [from, to] = axis.shown;
  const marks = useMemo(
    () =>
      placeTicks([from, to], axis.axis, Math.max(2, place.width / MARK)).map((x) => ({
        at: (x - from) / (to - from),
        text: placeText(x, axis.axis),
      })),
    [from, to, axis.axis, place.width],
  );
  return <Marks name={AXIS_NAMES[axis.axis]} gap={nameGap(axis.axis)} marks={marks} {...place} />;
}

/** The marks of an axis from left to right; each stands `at` a share of the width. */
export function Marks({
  name,
  gap = 14,
  marks,
  top,
  left,
  width,
}: Props & {
  readonly name?: string;
  /** Pixels from the name to where the axis begins. */
  readonly gap?: number;
  readonly marks: readonly { readonly at: number; readonly text: string }[];
}) {
  return (
    <div class="ls-axis-marks" style={{ top: `${top}px`, left: `${left}px`, width: `${width}px` }}>
      {name === undefined ? null : (
        <span class="ls-axis-name" style={{ right: `calc(100% + ${gap}px)` }}>
          {name}
        </span>
      )}
      {marks.map(({ at, text }) => (
        <span key={at} style={{ left: `${100 * at}%` }}>
          {text}
        </span>
      ))}
    </div>
  );
}
