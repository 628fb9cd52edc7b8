import { CopyButton } from '../../components/CopyCode';
import { Term } from '../../components/Term';
import { seriesKey } from '../../frame/store';
import type { PanelProps } from '../../panel';
import './predictions.css';
import { Samples } from './Samples';

/** The line of code that logs what this panel shows. */
export const LINE = 'Evaluation(names, score="prob").update(y_val, p, ids=files).write(run, "validation", step)';

/** The samples behind what is selected, or what a log lacks for them. */
export function Predictions(props: PanelProps<'classes'>) {
  const { asked = [], focus } = props;
  const own = asked.filter(({ training }) => training === focus);
  const series = own.find(({ kind }) => kind === 'predictions');
  if (series !== undefined) {
    const tag = `${series.tag.slice(0, series.tag.lastIndexOf('/'))}/examples`;
    const examples = own.find((each) => each.kind === 'examples' && each.run === series.run && each.tag === tag);
    // Of another training or evaluation nothing is kept: places of examples mean something else there.
    return <Samples key={seriesKey(series)} {...props} own={series} examples={examples} />;
  }
  return (
    <section class="ls-samples" aria-label="samples">
      <h2>
        <Term name="samples">Samples</Term>
      </h2>
      <p class="ls-partly">
        {own.some(({ kind }) => kind === 'score_curves')
          ? 'Which samples stand behind a cell is not logged.'
          : 'The scores of single samples are not logged: which samples stand behind a cell, ROC, precision–recall and calibration need them.'}{' '}
        <code>{LINE}</code> adds them. <CopyButton text={LINE} />
      </p>
    </section>
  );
}
