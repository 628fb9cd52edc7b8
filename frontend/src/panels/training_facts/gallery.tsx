/** Pictures of this panel without a server. */
import type { Series } from '../../panel';
import { NOTHING_SELECTED } from '../../selection';
import { facts } from '../scalars/scalars.fixture';
import { TrainingFactsPanel } from './TrainingFactsPanel';

function draw(series: Series<'training_facts'>) {
  return (
    <div style={{ width: '320px' }}>
      <TrainingFactsPanel
        series={{ training_facts: [series] }}
        selection={NOTHING_SELECTED}
        focus={series.training}
        step={100}
        select={() => undefined}
        colour={() => 'currentcolor'}
      />
    </div>
  );
}

export const fixtures = {
  ordinary: () => draw(facts('digits', 40)),
};
