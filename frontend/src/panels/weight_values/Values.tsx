import { useState } from 'preact/hooks';
import { Label } from '../../components/Label';
import { latest, useAnswer } from '../../frame/answers';
import { Failure } from '../../frame/Failure';
import { writtenKey } from '../../frame/store';
import { number, plural } from '../../math/format';
import { shape } from '../../math/shapes';
import { at, type PanelProps, type SeriesInfo } from '../../panel';
import type { WeightValues } from '../../schema.gen';
import { readStructure } from '../structure/read_structure';

/** The values of the selected layer's parameters, at the step shown. */
export function Values(props: PanelProps<'structure' | 'parameters'>) {
  const series = props.asked?.find(({ training }) => training === props.focus);
  const read = readStructure(props);
  const layer = read?.model.layers.find(({ path }) => path === props.selection.layer);
  if (series === undefined || read === undefined || layer === undefined || layer.weights.length === 0) return null;
  const named = layer.weights.map((index) => ({
    index,
    path: read.model.weights[index]?.path ?? '',
    shape: read.model.weights[index]?.shape ?? [],
  }));
  return <Told series={series} weights={named.sort((a, b) => a.index - b.index)} step={props.step} />;
}

interface ToldProps {
  readonly series: SeriesInfo;
  readonly weights: readonly { readonly index: number; readonly path: string; readonly shape: readonly number[] }[];
  readonly step: number;
}

function Told({ series, weights, step }: ToldProps) {
  const [tries, setTries] = useState(0);
  const places = weights.map(({ index }) => index);
  const answered = useAnswer(`${writtenKey(series)} ${step} ${places.join()} ${tries}`, (source, signal) =>
    source.parameters(series, { from: step, to: step }, places, signal),
  );
  const point = at(latest(answered)?.points.weight_values ?? [], step);
  return (
    <section aria-label="values">
      <h2>Values</h2>
      {answered.state === 'failed' ? (
        <Failure problem={answered.problem} request={answered.request} retry={() => setTries(tries + 1)} />
      ) : null}
      {point === undefined ? null : (
        <ul>
          {weights.map(({ path, shape: sizes }, i) => (
            <li key={path}>
              <Label text={path} max={40} /> {shape(sizes)} · {said(point.payload, i)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function said(values: WeightValues, i: number): string {
  const cells = (values.cell_end[i] ?? 0) - (values.cell_end[i - 1] ?? 0);
  return `${plural(cells, 'value')} · ‖w‖ ${number(Math.sqrt(values.sum_squares[i] ?? Number.NaN))}`;
}
