import { Label } from '../components/Label';
import type { Training } from '../decode';
import { count, exact, number, plural } from '../math/format';
import type { Json, TrainingFacts } from '../schema.gen';
import { called } from './shown';
import './facts.css';

/** What is known of a training: how it is set up, in a few quiet lines. */
export function Facts({ training, facts }: { training: Training; facts: TrainingFacts | undefined }) {
  const lines = facts === undefined ? [] : linesOf(facts);
  return (
    <section class="ls-facts" aria-label="about this training">
      <h3>
        <Label text={called(training.name)} max={28} />
      </h3>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {facts === undefined ? null : (
        <dl>
          {Object.entries(facts.hyperparameters).map(([name, value]) => (
            <div key={name}>
              <dt>
                <Label text={name} max={16} />
              </dt>
              <dd>
                <Label text={written(value)} max={16} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      <p title={training.runs.join('\n')}>{plural(training.runs.length, 'run')} in this training</p>
    </section>
  );
}

function linesOf(facts: TrainingFacts): readonly string[] {
  const rate = facts.optimizer_config.learning_rate;
  const optimizer =
    facts.optimizer === null ? '' : `${facts.optimizer}${typeof rate === 'number' ? `, learning rate ${number(rate)}` : ''}`;
  const size = facts.batch_size === null ? '' : `batches of ${count(facts.batch_size)}`;
  const epochs = facts.epochs === null ? '' : plural(facts.epochs, 'epoch');
  const steps = facts.steps_per_epoch === null ? '' : `${plural(facts.steps_per_epoch, 'step')} each`;
  return [optimizer, facts.loss?.replaceAll('_', ' ') ?? '', joined(size), joined(epochs, steps), facts.framework].filter(
    (line) => line !== '',
  );
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

function written(value: Json): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? exact(value) : JSON.stringify(value);
}
