"""What is logged of one `fit`."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras

from tb_plugin.schema import record
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.structure import Structure
from writers.distributions_schedule import DistributionsSchedule
from writers.earlier_steps import earlier_steps
from writers.frameworks.keras.applied import Applied
from writers.frameworks.keras.baseline_loss import baseline_loss
from writers.frameworks.keras.evaluations.counted_evaluation import CountedEvaluation
from writers.frameworks.keras.evaluations.evaluation_watch import EvaluationWatch
from writers.frameworks.keras.evaluations.kept_payloads import KeptPayloads
from writers.frameworks.keras.evaluations.own_evaluations import evaluate
from writers.frameworks.keras.fit_arguments import arguments_of_fit
from writers.frameworks.keras.learning_rates import LearningRates, rate_of
from writers.frameworks.keras.logdir.epoch_values import TRAIN, VALIDATION, EpochValues, split
from writers.frameworks.keras.logdir.runs import own_run
from writers.frameworks.keras.model.stand_ins import stand_ins_of_fit
from writers.frameworks.keras.model.structures import Structures
from writers.frameworks.keras.optimizers import compiled_optimizer
from writers.frameworks.keras.outputs.outputs import Outputs
from writers.frameworks.keras.settings import Settings
from writers.frameworks.keras.steps import Steps, executions_of, steps_so_far
from writers.frameworks.keras.train_function import CannotLook, TrainFunction, join
from writers.frameworks.keras.training_facts import batch_size_of, facts_of
from writers.frameworks.keras.weight_values import WeightValues
from writers.guard import Guard
from writers.statistics_schedule import StatisticsSchedule
from writers.weight_values_wanted import is_wanted
from writers.weight_values_writer import WHAT

if TYPE_CHECKING:  # they need TensorFlow, which another backend has not
    from writers.frameworks.keras.activity.activities import Activities
    from writers.frameworks.keras.capture.statistics import Statistics

_log = logging.getLogger("layerscope")


class Fit:
    """One `fit` of a model: opens the run, and writes what the callback's hooks and the train function tell it of.

    Args:
        model: What is trained.
        settings: Where to, and how much.
        outputs: What the model decides between.
        evaluations: Data of our own evaluations, by name.
        guard: Where failures of ours end.
        structures: What tells the layers of the model.
        digest: Of the structure that this callback wrote last.

    Raises:
        OSError: The run cannot be written.
    """

    def __init__(
        self,
        model: Any,
        settings: Settings,
        outputs: Outputs,
        evaluations: Mapping[str, Any],
        guard: Guard,
        structures: Structures,
        digest: str | None,
    ) -> None:
        self._model, self._settings, self._outputs, self._evaluations = model, settings, outputs, evaluations
        self._guard, self._structures = guard, structures
        self._run = own_run(settings.logdir)
        self._values = EpochValues(settings.logdir, evaluations)
        self._watch = EvaluationWatch(guard)
        self._steps: Steps | None = None
        self._function: TrainFunction | None = None
        self._batch: int | None = None
        self._execution: int | None = None
        self._statistics: Statistics | None = None
        self._parameters: Parameters | None = None
        self._structure: Structure | None = None
        self._values_of_weights: WeightValues | None = None
        self._told: dict[str, str] = {}
        arguments = arguments_of_fit(model)
        self._given = guard.attempt("the structure of the model", stand_ins_of_fit, arguments)
        self._activities: Activities | None = guard.attempt("the activity of units", self._activities_of, arguments)
        self._baseline_loss = guard.attempt("the baseline loss", baseline_loss, model, arguments)
        self._is_evaluated = arguments.get("validation_data") is not None or bool(evaluations)
        self._began: tuple[int, int | None, float] | None = None
        self._last_step: int | None = None
        self._epoch, self._has_epoch = 0, False
        self._epoch_began: tuple[int, int, int | None] = 0, 0, None
        self._rates: LearningRates | None = None
        self._applied = guard.attempt("the learning rate", Applied, model)
        self._epochs: int | None = None
        self._last: dict[str, int] = {}
        self._kept = KeptPayloads(settings, len(evaluations), self._write, guard)
        guard.attempt("examples", self._take_inputs, arguments)
        self.digest = digest
        self._has_structure = False

    def write_structure(self) -> None:
        """The layers, once they are there, if they are other than what was written last.

        A train step that calls the parts of a model, and never itself, leaves it unbuilt: then what its first batch has made are they.
        """
        if self._has_structure or not (self._model.built or (self._execution is not None and self._model.weights)):
            return
        self._has_structure = True
        structure = self._structures.of(self._model, self._given)
        self._parameters = structure.parameters if isinstance(structure.parameters, Parameters) else None
        self._structure = structure
        digest = record.digest(structure)
        if digest != self.digest:
            self._write("structure", structure, steps_so_far(self._model))
            self.digest = digest

    def capture(self) -> None:
        """Begins to look at weights and gradients, where they are wanted and can be had."""
        if not self._settings.gradients or self._parameters is None or keras.config.backend() != "tensorflow":
            return
        from writers.frameworks.keras.capture.statistics import Statistics, what_hinders

        reason = what_hinders(self._model)
        if reason is not None:
            self._guard.say("gradients and weights", f"Layerscope does not tell of weights and gradients here: {reason}.")
            return
        self._statistics = Statistics(self._model, self._parameters, executions_of(self._model), self._guard)
        if self._function is not None:
            self._function.renew()

    def epoch_begins(self, epoch: int, params: Mapping[str, Any]) -> None:
        """With the first one the steps of this fit are known."""
        per_epoch = params.get("steps")
        if self._steps is None:
            self._steps = self._count(epoch, params)
            self._epochs = None if params.get("epochs") is None else params["epochs"] + self._steps.epoch_offset
            self._rates = LearningRates(self._model, self._settings, self._steps)
            self._began = epoch, per_epoch, time.time()
            if per_epoch is not None and params.get("epochs") is not None:
                self._last_step = self._steps.first_step + (params["epochs"] - epoch) * per_epoch - 1
            self._guard.attempt("gradients and weights", self._begin_statistics)
            self._guard.attempt(WHAT, self._begin_values)
        else:
            self._settle()
        self._steps.epoch_begins(per_epoch)
        self._epoch = epoch + self._steps.epoch_offset
        self._epoch_began = self._steps.now, self._epoch, per_epoch
        if self._statistics is not None:
            self._guard.attempt("gradients and weights", self._statistics.epoch_begins, *self._epoch_began)

    def batch_begins(self, batch: int) -> None:
        """What is to be known before it."""
        self._guard.attempt("the outputs of the model", self._outputs.batch_begins)
        self._batch = batch
        if self._function is not None:
            self._function.hold()
        if self._rates is not None and self._statistics is None:
            self._rates.batch_begins(batch)

    def take_execution(self) -> bool:
        """Whether the train function is called by the `fit`; asked once at each call."""
        self._execution, self._batch = self._batch, None
        return self._execution is not None

    def looks(self) -> bool:
        """Whether the execution is to be looked into, for its gradients and weights."""
        return self._statistics is not None and bool(self._guard.attempt("gradients and weights", self._statistics.looks))

    def will_look(self) -> None:
        """It will be, for this training or for another callback's."""
        if self._statistics is not None:
            self._guard.attempt("gradients and weights", self._statistics.will_look)

    def cannot_look(self, why: CannotLook) -> None:
        """Its steps cannot be looked into: the rest is logged without them."""
        statistics, self._statistics, self._told = self._statistics, None, {}
        if statistics is not None:
            self._guard.say("gradients and weights", f"Layerscope does not tell of weights and gradients here: {why}.")
            self._guard.attempt("gradients and weights", statistics.close)

    def execution_ends(self) -> None:
        """Writes the rates of the batch. The first one tells its size, and builds a model that was not built before."""
        if self._steps is not None and self._execution is not None:
            self._steps.batch_ends(self._execution + executions_of(self._model) - 1)
            if not self._has_structure:
                self._guard.attempt("the structure of the model", self._build)
            self._guard.attempt("facts about the training", self._write_facts)
            if self._statistics is not None:
                self._guard.attempt("gradients and weights", self._statistics.batches_end, self._steps.now)
        rate = None if self._rates is None else self._guard.attempt("the learning rate", self._rates.take)
        if rate is not None:
            step, value = rate
            self._guard.attempt("the learning rate", self._write, "learning_rate", value, step)
        self._guard.attempt("the outputs of the model", self._outputs.batch_ends)

    @property
    def step(self) -> int:
        """Training batches finished."""
        return steps_so_far(self._model) if self._steps is None else self._steps.now

    def counting(self, evaluation: str) -> CountedEvaluation:
        """What counts an evaluation that begins."""
        return self._counting(evaluation, is_last=self._is_last())

    def keep(self, counted: CountedEvaluation) -> None:
        """Takes what an evaluation counted, as far as the budget goes."""
        if self._steps is not None:
            self._keep(counted, is_last=self._is_last())

    def write(self, tag: str, content: Payload | float, step: int) -> None:
        """Writes a point of an evaluation, unless its series has one at this step."""
        self._write(tag, content, step)

    def test_begins(self) -> None:
        """An evaluation that `fit` makes begins."""
        self._is_evaluated = True
        self._watch.begin(self._model, self.counting(VALIDATION))

    def another_test_begins(self) -> None:
        """An evaluation of the user's begins, which is told by itself."""
        self._is_evaluated = True

    def test_batch_begins(self) -> None:
        """A batch of it begins."""
        self._watch.batch_begins()

    def test_batch_ends(self) -> None:
        """A batch of it ends."""
        self._watch.batch_ends()

    def test_ends(self) -> None:
        """It is over."""
        counted = self._watch.end(self._model)
        if counted is not None:
            self.keep(counted)

    def epoch_ends(self, epoch: int, logs: Mapping[str, Any]) -> None:
        """Writes the epoch's values and makes our own evaluations."""
        if self._steps is None:
            return
        told = split(logs)
        told[TRAIN] = told.get(TRAIN, {}) | (self._guard.attempt("the learning rate", self._rate_of_epoch) or {})
        for run, values in told.items():
            self._guard.attempt("loss and metrics of the epochs", self._values.add, run, self._epoch, values)
        is_last = self._is_last() or self._model.stop_training
        if self._activities is not None:
            self._guard.attempt("the activity of units", self._look, self._activities, is_last=is_last)
        for name, data in self._evaluations.items():
            if is_last or self._settings.evaluations().due(self._epoch, length=self._steps.epochs_length):
                self._guard.attempt(f"the evaluation {name!r}", self._evaluate, name, data, is_last=is_last)
        self._steps.epoch_ends(epoch)
        if self._values_of_weights is not None:
            self._guard.attempt(WHAT, self._values_of_weights.tell, self._epoch + 1, self._steps.now)
        self._has_epoch = True

    def close(self) -> None:
        """Writes the last of what was thinned, and closes the runs.

        A training that nobody holds any more ends when it is collected, which may be while another one is traced.
        """
        if keras.config.backend() != "tensorflow":
            self._close()
            return
        import tensorflow as tf

        with tf.init_scope():
            self._close()

    def _close(self) -> None:
        self._guard.attempt("the outputs of the model", self._outputs.leave)
        self._guard.attempt("the rest of the evaluation", self._watch.abandon, self._model)
        self._guard.attempt("facts about the training", self._write_facts)
        if self._statistics is not None:
            self._guard.attempt("gradients and weights", self._statistics.close)
        if self._values_of_weights is not None and self._steps is not None:
            self._values_of_weights.close(self._epoch + 1, self._steps.now)
        self._guard.attempt("the steps of the training", self._leave)
        self._kept.close()
        self._settle()
        self._guard.attempt("loss and metrics of the epochs", self._values.close)
        self._run.close()

    def _settle(self) -> None:
        """When an epoch is over for all callbacks, if any was."""
        self._guard.attempt("loss and metrics of the epochs", self._values.settle)
        if self._has_epoch and not self._is_evaluated and keras.config.backend() == "tensorflow":
            self._guard.say(
                "no validation",
                "Layerscope has no predictions to show, since fit has no validation: pass validation_data=(x, y) to fit, "
                'or evaluations={"test": (x, y)} to Layerscope.',
            )

    def _activities_of(self, arguments: Mapping[str, Any]) -> Activities | None:
        if not self._settings.activity or keras.config.backend() != "tensorflow":
            return None
        from writers.frameworks.keras.activity.activities import Activities

        return Activities(self._model, arguments)

    def _look(self, activities: Activities, *, is_last: bool) -> None:
        """Writes what the layers put out after this epoch, if it is kept."""
        assert self._steps is not None
        if is_last or self._settings.activities(activities.cost).due(self._epoch, length=self._steps.epochs_length):
            activity = activities.look()
            if activity is not None:
                self._write("activity", activity, self._steps.now)

    def _build(self) -> None:
        """The first batch built the model."""
        self.write_structure()
        self._guard.attempt("gradients and weights", self.capture)
        self._guard.attempt("gradients and weights", self._begin_statistics)
        if self._statistics is not None:
            self._guard.attempt("gradients and weights", self._statistics.epoch_begins, *self._epoch_began)
        self._guard.attempt(WHAT, self._begin_values)

    def _begin_values(self) -> None:
        """Before the first batch, or after it where that has built the model."""
        if self._structure is None or self._steps is None or self._values_of_weights is not None or not is_wanted(self._settings.weights):
            return
        budget, length = self._settings.weight_bytes, self._steps.epochs_length
        values = WeightValues(self._model, self._structure, self._settings.weights, self._run, budget=budget, length=length, guard=self._guard)
        self._values_of_weights = values
        values.tell(self._steps.epoch_offset + (self._began[0] if self._began is not None else 0), self._steps.now)

    def _begin_statistics(self) -> None:
        if self._statistics is None or self._steps is None or self._parameters is None:
            return
        schedule = StatisticsSchedule(self._settings.statistics_bytes, len(self._parameters.parameters), self._steps.length)
        distributions = DistributionsSchedule(self._settings.distribution_bytes, len(self._parameters.parameters), self._steps.length)
        self._told = {"statistics": str(schedule), "distributions": str(distributions)}
        self._statistics.begin(self._run, schedule, distributions, self._steps.now, self._last_step)

    def _count(self, epoch: int, params: Mapping[str, Any]) -> Steps:
        self._function = self._guard.attempt("the steps of the training", join, self._model, self)
        steps = Steps(
            self._model,
            initial_step=self._settings.initial_step,
            initial_epoch=epoch,
            epochs=params.get("epochs"),
            steps_per_epoch=params.get("steps"),
            function=self._function,
        )
        warning = self._guard.attempt("the last step on disk", earlier_steps, self._run.logdir, steps.first_step, own="logdir")
        if warning is not None:
            _log.warning("%s", warning)
        return steps

    def _leave(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            function.leave(self)

    def _write_facts(self) -> None:
        """Once, after the first batch, as of the time at which the fit began; or as it is closed without one."""
        if self._began is None or self._steps is None:
            return
        (epoch, per_epoch, wall_time), self._began = self._began, None
        batches = self._steps.now - self._steps.first_step
        if self._activities is not None and batches:
            self._guard.attempt("the activity of units", self._activities.prepare)
        batch_size = self._guard.attempt("the size of a batch", batch_size_of, self._model, batches)
        facts = facts_of(
            self._model,
            self._guard.attempt("facts about the training", self._optimizers) or {},
            first_step=self._steps.first_step,
            initial_epoch=epoch + self._steps.epoch_offset,
            epoch_offset=self._steps.epoch_offset,
            epochs=self._epochs,
            baseline_loss=self._baseline_loss,
            steps_per_epoch=per_epoch,
            batch_size=batch_size,
            evaluations=tuple(self._evaluations),
            schedule={"evaluations": str(self._settings.evaluations())} | (self._told or {"learning_rate": str(self._rates)}) | self._others_in_words(),
            budget=self._settings.bytes_of(["evaluations", *(self._told or ["learning_rate"]), *(["weights"] if self._values_of_weights is not None else [])]),
            hyperparameters=self._settings.hyperparameters,
        )
        self._write("training_facts", facts, self._steps.first_step, wall_time)

    def _optimizers(self) -> Mapping[str, Any]:
        """Those that train: that of `compile` is not one where others are applied and it is not."""
        assert self._applied is not None
        used = list(self._applied.now.values())
        return {name: each for name, each in self._applied.all.items() if each is not compiled_optimizer(self._model) or not used or each in used}

    def _others_in_words(self) -> dict[str, str]:
        activity = {} if self._activities is None else {"activity": str(self._activities)}
        return activity if self._values_of_weights is None else activity | {"weights": str(self._values_of_weights.schedule)}

    def _evaluate(self, name: str, data: Any, *, is_last: bool) -> None:
        evaluated = evaluate(self._model, data, self._watch, self._counting(name, is_last=is_last))
        assert self._steps is not None
        self._values.add(name, self._epoch, evaluated.logs)
        self._write(f"evaluation_seconds/{name}", evaluated.seconds, self._steps.now)
        if evaluated.counted is not None:
            self._keep(evaluated.counted, is_last=is_last)

    def _take_inputs(self, arguments: Mapping[str, Any]) -> None:
        validation = arguments.get("validation_data")
        if validation is not None:
            is_whole = isinstance(validation, list | tuple) and arguments.get("validation_steps") is None
            self._kept.takes_inputs(VALIDATION, validation[0] if is_whole else None)
        for name, data in self._evaluations.items():
            self._kept.takes_inputs(name, data[0] if isinstance(data, list | tuple) else None)

    def _is_last(self) -> bool:
        """Whether the epoch is known to be the last one."""
        return self._epochs is not None and self._epoch + 1 >= self._epochs

    def _counting(self, evaluation: str, *, is_last: bool) -> CountedEvaluation:
        epochs = None if self._steps is None else self._steps.epochs_length
        return self._kept.begin(evaluation, self._outputs.task, epoch=self._epoch, epochs=epochs, is_last=is_last)

    def _keep(self, counted: CountedEvaluation, *, is_last: bool) -> None:
        assert self._steps is not None
        self._kept.add(counted, epoch=self._epoch, step=self._steps.now, epochs=self._steps.epochs_length, is_last=is_last)

    def _rate_of_epoch(self) -> dict[str, float]:
        rate = None if self._applied is None else rate_of(self._applied.now)
        return {"learning_rate": rate} if isinstance(rate, float) else {f"learning_rate_{name}": value for name, value in (rate or {}).items()}

    def _write(self, tag: str, content: Payload | float | Mapping[str, float], step: int, wall_time: float | None = None) -> None:
        """Writes a point, unless its series has one at this step: a second evaluation at one step says nothing new."""
        if step > self._last.get(tag, -1):
            self._run.write(tag, content, step, wall_time=wall_time)
            self._last[tag] = step
