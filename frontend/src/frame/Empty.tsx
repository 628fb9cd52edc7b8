import { CopyCode } from '../components/CopyCode';
import { Label } from '../components/Label';
import type { Training } from '../decode';
import type { View } from '../selection';
import { Picture } from './pictures';
import { called } from './shown';
import { PROMISES, SNIPPETS } from './snippets';
import './empty.css';

/** A view that has nothing to show: what it would show, and the code that logs it, unless the training has that already. */
export function Empty({ view, training }: { view: View; training: Training | null }) {
  return (
    <div class="ls-empty">
      <Picture view={view} />
      <h2>
        {training === null ? (
          'Nothing is logged in this folder yet'
        ) : (
          <>
            <Label text={called(training.name)} /> {MISSING[view]}
          </>
        )}
      </h2>
      <p class="ls-soft">
        {training === null
          ? 'This page fills by itself as soon as a training writes here.'
          : `Here you would see: ${lower(PROMISES[view])}`}
      </p>
      {view === 'predictions' && training !== null && isOurs(training) ? (
        <p>
          Layerscope logs this training. An evaluation comes after each epoch whose <code>fit</code> has validation data, where the loss or
          the last activation says what the model tells; where neither does, <code>labels=</code> says it.
        </p>
      ) : (
        <>
          <p>These lines log it:</p>
          <CopyCode snippets={SNIPPETS[view]} />
        </>
      )}
      {view === 'model' ? (
        <p class="ls-soft">
          Keras’ own callback, <code>keras.callbacks.TensorBoard("logs/run-1")</code>, is enough for the layers.
        </p>
      ) : null}
    </div>
  );
}

const MISSING: Readonly<Record<View, string>> = {
  model: 'tells nothing of its layers',
  training: 'has no curves',
  predictions: 'has no evaluations',
};

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** What the training in focus lacks of a view that it fills in part: one quiet line, and the line of code that adds it. */
export function Partly({ view, training }: { view: View; training: Training }) {
  const lack = lackOf(view, training);
  if (lack === undefined) return null;
  return (
    <p class="ls-partly">
      {lack.what} <code>{lack.code}</code> adds {lack.it}.
    </p>
  );
}

/** Whether Layerscope's Keras callback logs the training: it has a run of its own, where nobody else writes. */
function isOurs(training: Training): boolean {
  return training.series.some(({ kind, run }) => kind === 'training_facts' && /(^|\/)layerscope(_\d+)?$/.test(run));
}

function lackOf(view: View, training: Training): { what: string; code: string; it: string } | undefined {
  const has = (name: string) => training.series.some((series) => series.name === name);
  const code = 'callbacks=[Layerscope("logs/run-1")]';
  const watch = 'layerscope.torch.watch(model, optimizer, "logs/run-1")';
  // Keras' callback names its scalars so.
  const isByKeras = training.series.some(({ tag }) => tag.startsWith('epoch_'));
  // Below a graph of operations, and below names of parameters, their notes say it.
  if (view === 'model' && training.structure === 'graph_keras_model') {
    return { what: 'Read from what another tool logged: without sizes of outputs and operations.', code, it: 'them' };
  }
  if (view !== 'training') return undefined;
  const statistics = training.series.filter(({ kind }) => kind === 'tensor_stats');
  // Those of our own hold the learning rate as well; those that are made of another tool's scalars have a name.
  if (statistics.some(({ name }) => name === null)) return undefined;
  // Where the layers are Keras', ours tells of them. Else it is a loop.
  const isKeras = isOurs(training) || training.structure === 'layerscope' || training.structure === 'graph_keras_model' || isByKeras;
  const line = isKeras ? code : watch;
  const noRate = has('learning_rate') ? '' : ', nor is the learning rate';
  return statistics.length === 0
    ? { what: `Weights, gradients and updates of each layer are not logged${noRate}.`, code: line, it: 'them' }
    : {
        what: `Of the layers there is only what another tool wrote${noRate === '' ? '' : ', and no learning rate'}.`,
        code: line,
        it: 'the rest',
      };
}
