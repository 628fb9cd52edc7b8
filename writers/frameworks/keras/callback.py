"""The Keras callback: one line that logs everything the tab shows."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import keras

from tb_plugin.schema.confusion_matrix import ScoreType
from writers.disabled import is_disabled
from writers.frameworks.keras import open_trainings
from writers.frameworks.keras.evaluations.lone_evaluation import LoneEvaluation
from writers.frameworks.keras.evaluations.own_evaluations import checked_evaluations
from writers.frameworks.keras.fit import Fit
from writers.frameworks.keras.logdir.link import link
from writers.frameworks.keras.model.structures import Structures
from writers.frameworks.keras.outputs.outputs import LabelsByOutput, Outputs, checked_labels, checked_score
from writers.frameworks.keras.settings import Settings
from writers.guard import Guard


class Layerscope(keras.callbacks.Callback):
    """Logs a training for the Layerscope tab of TensorBoard.

    ```python
    model.fit(x, y, validation_data=(x_val, y_val), callbacks=[Layerscope("logs/run-1", labels=names)])
    ```

    It writes the layers of the model, facts about the training, the learning rate, loss and metrics of each epoch,
    statistics of each parameter's weights, gradient and update, and the confusion matrix, score curves and predictions of
    each validation that `fit` makes: from the very pass that `fit` makes, without a second one.
    `model.evaluate(x, y, callbacks=[…])` with it is logged as well, as `test`, at the step that the model's training has reached.
    Training is the same with and without it, to the last bit of every weight, except under XLA, where any change to a
    program may round its last digit differently. What fails here never stops a training: one warning says what is lost.

    Args:
        logdir: The training's folder; runs are made in it.
        labels: Name of each class, in the order of the class ids; or how many classes there are. With several outputs, a
            mapping from the name of the output. Without it classes are called by their number.
        evaluations: More data to evaluate after each epoch, by name: `{"test": (x, y)}`, `(x, y, sample_weight)`, a
            `tf.data.Dataset` or a `PyDataset`. Each takes a pass of its own, whose seconds are logged beside it.
        initial_step: Training batches that were finished before, where the model was trained elsewhere.
        budget: How much to keep: 1 is 10 MB a run; evaluations and learning rates are thinned to fit.
        hyperparameters: What you want to remember of this training; shown with its facts.
        gradients: Whether to tell of weights, gradients and updates, from inside a train function that takes the steps that
            are told (TensorFlow backend). They are those of the very step: gradients before clipping, without loss scaling.
        activity: Whether to tell which units of each layer are dead or saturated, after an epoch: from a pass over the first
            256 training examples, as in inference, where these are arrays in memory (TensorFlow backend).
        connections: Whether to run the code of a subclassed model, and of layers of your own, once with stand-ins for
            tensors, to see how the layers in it are connected (TensorFlow backend). It computes and changes nothing of the model's; but what
            else the code does, as printing, it does once more.
        weights: Whether to tell the values of the model's parameters, before the first step and after some epochs; or a list
            of those of which, by path: `["conv1/kernel"]`. Of a large parameter a part.
        score: What the model's outputs are, "prob", "logit" or "logprob", where neither activation nor loss says so.
        curves: Whether evaluations have score curves, for which it must be known what the outputs are. None: as far as the
            budget goes, of more than 200 classes at each tenth evaluation and the last; True: of so many as well.
        predictions: Whether evaluations tell what was predicted of each sample. None: the same, and of up to 200,000
            samples; True: of more as well.
        examples: How many inputs of each evaluation are kept to look at, at most 2,000 and 8 MB; True: 200. Mistakes, and
            some that were right; of numbers the largest errors, and some by lot. Of arrays in memory alone, and none unless
            asked for: people's images and texts go where the logs go.

    Raises:
        TypeError, ValueError: An argument is not what it should be.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        *,
        labels: Any = None,
        evaluations: Mapping[str, Any] | None = None,
        initial_step: int | None = None,
        budget: float = 1.0,
        hyperparameters: Mapping[str, Any] | None = None,
        gradients: bool = True,
        activity: bool = True,
        connections: bool = True,
        weights: bool | Sequence[str] = True,
        score: ScoreType | None = None,
        curves: bool | None = None,
        predictions: bool | None = None,
        examples: int | bool = False,
    ) -> None:
        super().__init__()
        self._settings = Settings.checked(
            logdir,
            initial_step=initial_step,
            budget=budget,
            hyperparameters=hyperparameters,
            gradients=gradients,
            activity=activity,
            weights=weights,
            curves=curves,
            predictions=predictions,
            examples=examples,
        )
        self._given_logdir = os.fspath(logdir)
        self._labels: LabelsByOutput | None = checked_labels(labels)
        self._score = checked_score(score)
        self._evaluations = checked_evaluations(evaluations)
        self._guard = Guard()
        self._fit: Fit | None = None
        self._fits: tuple[Any, Any] = None, None
        self._lone: LoneEvaluation | None = None
        self._end: Callable[[], object] = _nothing
        if not isinstance(connections, bool):
            raise TypeError(f"connections must be True or False; it is {connections!r:.80}")
        self._structures = Structures(runs_code=connections)
        self._digest: str | None = None
        self._has_told_link = False

    @property
    def logdir(self) -> str:
        """The training's folder."""
        return self._settings.logdir

    def close(self) -> None:
        """Ends what is open. `fit` does so by itself; after an interrupt or an error, the next training, or the end of the process."""
        fit, self._fit = self._fit, None
        if fit is not None:
            open_trainings.forget(self)
            self._digest = fit.digest
            self._end()

    def on_train_begin(self, logs: Any = None) -> None:
        """Checks the labels, opens the run, and writes the structure of a model that is built.

        Raises:
            WrongArgument: The labels do not fit the model.
            OSError: The run cannot be written; the message names its folder.
        """
        self.close()
        self._abandon_lone()
        if is_disabled():
            return
        open_trainings.end_interrupted(self)
        outputs = Outputs(self.model, self._labels, self._score)
        if self.model.built:
            self._guard.attempt("the outputs of the model", outputs.check)
        self._fit = Fit(self.model, self._settings, outputs, self._evaluations, self._guard, self._structures, self._digest)
        self._end = open_trainings.begin(self, partial(self._guard.attempt, "the end of the training", self._fit.close))
        self._fits = self.model, self.params
        self._guard.attempt("the structure of the model", self._fit.write_structure)
        self._guard.attempt("gradients and weights", self._fit.capture)
        if not self._has_told_link:
            self._has_told_link = True
            self._guard.attempt("where to look", self._tell_link)

    def on_train_end(self, logs: Any = None) -> None:
        """Writes the last of what was thinned, and closes the run."""
        self.close()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Before an epoch."""
        self._go_on()
        if self._fit is not None:
            self._guard.attempt("the steps of the training", self._fit.epoch_begins, epoch, self.params)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """After an epoch and its validation."""
        if self._fit is not None:
            self._guard.attempt("the epoch", self._fit.epoch_ends, epoch, logs or {})

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Before a batch."""
        if self._fit is not None:
            self._guard.attempt("the learning rate", self._fit.batch_begins, batch)

    def on_test_begin(self, logs: Any = None) -> None:
        """Before a validation, or an evaluation of the user's."""
        self._abandon_lone()
        if self._fit is not None and self.params is self._fits[1]:
            self._guard.attempt("the predictions", self._fit.test_begins)
        elif not is_disabled():
            if self._fit is not None:
                self._fit.another_test_begins()
            outputs = Outputs(self.model, self._labels, self._score)
            arguments = self.model, self._settings, outputs, self._guard, self._fit, self._evaluations
            self._lone = self._guard.attempt("the evaluation", LoneEvaluation, *arguments)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Before a batch of a validation."""
        if self._lone is not None:
            self._lone.batch_begins()
        elif self._fit is not None:
            self._fit.test_batch_begins()

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """After a batch of a validation."""
        if self._lone is not None:
            self._guard.attempt("the evaluation", self._lone.batch_ends)
        elif self._fit is not None:
            self._guard.attempt("the predictions", self._fit.test_batch_ends)

    def on_test_end(self, logs: Any = None) -> None:
        """After a validation."""
        if self._lone is not None:
            self._guard.attempt("the evaluation", self._lone.end, logs or {})
        elif self._fit is not None:
            self._guard.attempt("the predictions", self._fit.test_ends)
        self._go_on()

    def _abandon_lone(self) -> None:
        lone, self._lone = self._lone, None
        if lone is not None:
            self._guard.attempt("the evaluation", lone.abandon)

    def _go_on(self) -> None:
        """An evaluation of the user's amid a fit has told this callback of its own model and parameters: it goes on with the fit's."""
        self._abandon_lone()
        if self._fit is not None and self.params is not self._fits[1]:
            model, params = self._fits
            self.set_model(model)
            self.set_params(params)

    def _tell_link(self) -> None:
        print(link(self._given_logdir), flush=True)


def _nothing() -> None:
    """What ends a training that has not begun."""
