/** The lines of code that log what a view shows; the tests run them. */
import type { View } from '../selection';

const KERAS = `from layerscope.keras import Layerscope

model.fit(
    x, y, validation_data=(x_val, y_val),
    callbacks=[Layerscope("logs/run-1", labels=names)],
)`;

const matrixLoop = (predictions: string) => `from layerscope import RunWriter, confusion_matrix

with RunWriter("logs/run-1") as run:
    ...  # after an epoch:
    y_pred = ${predictions}
    run.write("validation/confusion_matrix",
              confusion_matrix.from_predictions(y_val, y_pred, labels=names), step)`;

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

export const SNIPPETS: Readonly<Record<View, Readonly<Record<string, string>>>> = {
  model: { Keras: KERAS, TensorFlow: TAPE, PyTorch: WATCH },
  training: { Keras: KERAS, TensorFlow: TAPE, PyTorch: WATCH },
  predictions: {
    Keras: KERAS,
    TensorFlow: matrixLoop('model.predict(x_val).argmax(-1)'),
    PyTorch: matrixLoop('model(x_val).argmax(-1).cpu().numpy()'),
  },
};

/** What a view answers, in one sentence each: what would be seen here. */
export const PROMISES: Readonly<Record<View, string>> = {
  model: 'The layers of the network, how they are connected, and where its parameters are.',
  training: 'Loss, metrics and learning rate over the steps, and what each step does to each layer, on one axis.',
  predictions: 'Which classes the model takes for which, at every evaluation.',
};
