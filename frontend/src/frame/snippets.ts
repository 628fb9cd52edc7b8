/** The lines of code that log what a view shows; the tests run them. */
import type { View } from '../selection';

const KERAS = `from layerscope.keras import Layerscope

model.fit(
    x, y, validation_data=(x_val, y_val),
    callbacks=[Layerscope("logs/run-1", labels=names)],
)`;

const TAPE = `from layerscope.tensorflow import watch

run = watch(model, optimizer, "logs/run-1")  # before train_step is called
for x, y in data:
    loss = train_step(x, y)  # yours, with a tf.GradientTape
    run.loss(loss)
run.close()`;

const WATCH = `from layerscope.torch import watch

run = watch(model, optimizer, "logs/run-1")
for x, y in data:
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    run.loss(loss)
run.close()`;

/** An evaluation in a loop of one's own. */
const evaluated = (name: string, making: string, predicted: string, note = '') => `from layerscope import ${name}, RunWriter

with RunWriter("logs/run-1") as run:
    ...  # after an epoch:
    evaluation = ${name}(${making})
    evaluation.update(y_val, ${predicted})${note}
    evaluation.write(run, "validation", step)`;

const NEURAL = { Keras: KERAS, TensorFlow: TAPE, PyTorch: WATCH };

export const SNIPPETS: Readonly<Record<View, Readonly<Record<string, string>>>> = {
  model: NEURAL,
  training: NEURAL,
  predictions: {
    Keras: KERAS,
    TensorFlow: evaluated('Evaluation', 'names, score="prob"', 'model.predict(x_val)'),
    PyTorch: evaluated('Evaluation', 'names, score="logit"', 'model(x_val)'),
    'several labels': evaluated('MultilabelEvaluation', 'names, score="prob"', 'scores', '  # each [sample, label]'),
    numbers: evaluated('RegressionEvaluation', '', 'predicted', '  # [sample], or [sample, target]'),
    'scikit-learn': `from layerscope import RunWriter
from layerscope.sklearn import from_estimator

with RunWriter("logs/run-1") as run:
    evaluation = from_estimator(estimator, x_val, y_val, labels=names)
    evaluation.write(run, "validation", step=0)`,
  },
};

/** What a view answers, in one sentence each: what would be seen here. */
export const PROMISES: Readonly<Record<View, string>> = {
  model: 'The layers of the network, how they are connected, and where its parameters are.',
  training: 'Loss, metrics and learning rate over the steps, and what each step does to each layer, on one axis.',
  predictions: 'Which classes the model takes for which, or how far its numbers are off, at every evaluation, and the samples behind it.',
};
