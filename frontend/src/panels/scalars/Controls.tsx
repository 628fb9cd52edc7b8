import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Segmented } from '../../components/Segmented';
import { Term } from '../../components/Term';
import { AXIS_NAMES, type Axis } from '../../math/series';
import { MOST_SMOOTHING } from './choices';

interface Props {
  readonly axis: Axis;
  readonly axes: readonly Axis[];
  readonly smoothing: number;
  readonly zoomed: boolean;
  readonly onAxis: (axis: Axis) => void;
  readonly onSmoothing: (weight: number) => void;
  readonly onReset: () => void;
  readonly children: ComponentChildren;
}

const AXIS_HELP: Readonly<Record<Axis, string>> = {
  step: 'Training batches finished.',
  relative: 'Training batches since each training began, to compare trainings that began at different steps.',
  epoch: 'Passes over the training data, by the steps an epoch of each training.',
  examples: 'Training examples in the batches finished; those of a batch whose size was not logged are as many as is usual around it.',
  time: 'Time since each training began.',
  clock: 'The day and the hour at which each point was written, where you are.',
};

/** What all charts share: the horizontal axis and the smoothing. */
export function Controls({ axis, axes, smoothing, zoomed, onAxis, onSmoothing, onReset, children }: Props) {
  // While the slider is dragged; the choice is made when it is let go.
  const [weight, setWeight] = useState(smoothing);
  useEffect(() => setWeight(smoothing), [smoothing]);
  return (
    <div class="ls-scalars-controls">
      <Segmented<Axis>
        label="horizontal axis"
        options={axes.map((value) => ({ value, label: AXIS_NAMES[value], help: AXIS_HELP[value] }))}
        value={axis}
        onChange={onAxis}
      />
      <span class="ls-scalars-smoothing">
        <Term name="smoothing">smoothing</Term>
        <input
          type="range"
          aria-label="smoothing"
          aria-valuetext={weight === 0 ? 'off' : String(weight)}
          min="0"
          max={MOST_SMOOTHING}
          step="0.01"
          value={weight}
          onInput={(event) => setWeight(Number(event.currentTarget.value))}
          onChange={(event) => onSmoothing(Number(event.currentTarget.value))}
        />
        <output>{weight === 0 ? 'off' : weight}</output>
      </span>
      {zoomed ? (
        <button type="button" class="ls-chip" onClick={onReset}>
          show all (Esc)
        </button>
      ) : null}
      {children}
    </div>
  );
}
