import { seriesKey } from '../../frame/store';
import type { PanelProps } from '../../panel';
import { LabelSamples } from './LabelSamples';

/** The samples behind labels that are wrong. */
export function LabelPredictions(props: PanelProps<'classes'>) {
  const { asked = [], focus } = props;
  const own = asked.filter(({ training }) => training === focus);
  const series = own.find(({ kind }) => kind === 'label_predictions');
  if (series === undefined) return null;
  const tag = `${series.tag.slice(0, series.tag.lastIndexOf('/'))}/examples`;
  const examples = own.find((each) => each.kind === 'examples' && each.run === series.run && each.tag === tag);
  // Of another training or evaluation nothing is kept: places of examples mean something else there.
  return <LabelSamples key={seriesKey(series)} {...props} own={series} examples={examples} />;
}
