import { Label } from '../../components/Label';
import { visible } from '../../math/ellipsis';
import { at, type PanelProps } from '../../panel';
import { groupsOf } from './groups_of';
import './training_facts.css';

/** How the training in focus is set up, as its last fit at the step tells it. */
export function TrainingFactsPanel({ series, step }: PanelProps<'training_facts'>) {
  const own = series.training_facts[0];
  const facts = own === undefined ? undefined : (at(own.points, step) ?? own.points[0])?.payload;
  if (own === undefined || facts === undefined) return null;
  const fits = own.points.length;
  return (
    <div class="ls-training-facts">
      <h2>
        Training{' '}
        {fits > 1 ? (
          <span class="ls-soft">
            fit {1 + own.points.findIndex(({ payload }) => payload === facts)} of {fits}
          </span>
        ) : null}
      </h2>
      {groupsOf(facts).map(({ title, facts: lines }) => (
        <section key={title} aria-label={title}>
          {title === 'Set-up' ? null : <h3>{title}</h3>}
          <dl>
            {lines.map(({ name, text, whole, of }) => (
              <div key={`${of ?? ''} ${name}`} class={of === undefined ? undefined : 'ls-training-facts-argument'}>
                <dt>
                  <Label text={name} max={40} />
                </dt>
                <dd title={whole}>
                  <bdi>{visible(text)}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
