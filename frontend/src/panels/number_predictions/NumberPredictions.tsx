import { seriesKey } from '../../frame/store';
import type { PanelProps } from '../../panel';
import { NumberSamples } from './NumberSamples';

/** The samples behind a regression's picture. */
export function NumberPredictions(props: PanelProps<'number_predictions'>) {
  const { asked = [], focus } = props;
  const own = asked.filter(({ training }) => training === focus);
  const series = own.find(({ kind }) => kind === 'number_predictions');
  if (series === undefined) return null;
  const tag = `${series.tag.slice(0, series.tag.lastIndexOf('/'))}/examples`;
  const examples = own.find((each) => each.kind === 'examples' && each.run === series.run && each.tag === tag);
  // Of another training or evaluation nothing is kept: places of examples mean something else there.
  return <NumberSamples key={seriesKey(series)} {...props} own={series} examples={examples} />;
}
