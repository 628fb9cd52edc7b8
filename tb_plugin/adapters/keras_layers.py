"""What a Keras layer's config says, asked by name; and the classes of which we know something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tb_plugin.adapters.keras_json import LARGEST_SIZE, Shape, shape_of


@dataclass(frozen=True)
class Told:
    """What is known of one layer when its weights are asked for.

    Attributes:
        class_: The layer's class.
        config: Its configuration.
        inputs: Shapes of what it takes, with the batch; None where unknown.
        build: Shapes by argument name, from `build_config`.
        keras: Version of Keras, 2 or 3.
    """

    class_: str
    config: Mapping[str, Any]
    inputs: Sequence[Shape | None]
    build: Mapping[str, Any]
    keras: Literal[2, 3] = 3

    @property
    def input(self) -> Shape | None:
        """Shape of its first input: as built, else as given."""
        built = self.build.get("input_shape")
        return shape_of(built) or (self.inputs[0] if self.inputs else None)

    @property
    def given(self) -> Shape | None:
        """Shape of what it is given, else of what it was built with: that may be as many examples as there were then."""
        return next((shape for shape in self.inputs[:1] if shape is not None), self.input)

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number of the config."""
        value = self.config.get(key, default)
        if type(value) is not int or not 0 <= value <= LARGEST_SIZE:
            raise Unknown(key)
        return value

    def sizes(self, key: str, rank: int, default: int = 1) -> tuple[int, ...]:
        """A number for each spatial axis: `3` and `[3, 3]` are the same."""
        value = self.config.get(key) or default
        value = [value] * rank if isinstance(value, int) else value
        if not isinstance(value, list | tuple) or len(value) != rank or not all(type(v) is int and 0 <= v <= LARGEST_SIZE for v in value):
            raise Unknown(key)
        return tuple(value)

    @property
    def channels_first(self) -> bool:
        """Whether channels stand before the spatial axes."""
        return self.config.get("data_format") == "channels_first"

    def channels(self) -> int:
        """Size of the input's channel axis."""
        return self.size_at(1 if self.channels_first else -1)

    def size_at(self, axis: int) -> int:
        """Size of one axis of the input."""
        shape = self.input
        if shape is None or not -len(shape) <= axis < len(shape):
            raise Unknown("input_shape")
        size = shape[axis]
        if size is None:
            raise Unknown("input_shape")
        return size

    def axis(self) -> int:
        """Its only axis; Keras 2 writes `[3]` for it."""
        axis = self.config.get("axis", -1)
        axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
        if type(axis) is not int:
            raise Unknown("axis")
        return axis


class Unknown(LookupError):
    """The config does not tell."""


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


SHAPE_KEPT = _names(
    """
    InputLayer Activation Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianDropout GaussianNoise AlphaDropout ReLU LeakyReLU ELU
    ThresholdedReLU Softmax PReLU BatchNormalization LayerNormalization GroupNormalization RMSNormalization UnitNormalization
    Normalization Rescaling ActivityRegularization Masking Identity RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast
    RandomBrightness Relu Relu6 Gelu Silu Sigmoid Tanh Absolute Exp Log Sqrt Square Negative
    """
)
"""Their output has the shape of their input."""

MERGED = _names("Add Subtract Multiply Average Maximum Minimum Divide TrueDivide")
"""Their output has the shape to which their inputs broadcast."""

_WEIGHTED = _names("PReLU BatchNormalization LayerNormalization GroupNormalization RMSNormalization Normalization")

WEIGHTLESS = (
    (SHAPE_KEPT - _WEIGHTED)
    | MERGED
    | _names(
        """
        Flatten Reshape Permute RepeatVector Concatenate Dot Attention AdditiveAttention Lambda Resizing CenterCrop RandomCrop CategoryEncoding
        ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D
        MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D MaxPool2D AvgPool2D
        GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D
        TFOpLambda TensorFlowOpLayer SlicingOpLambda Bidirectional TimeDistributed RNN StackedRNNCells
        """
    )
)
"""They have no weights of their own."""

GATES = {"SimpleRNN": ("simple_rnn_cell", 1), "GRU": ("gru_cell", 3), "LSTM": ("lstm_cell", 4)}
"""Recurrent layers: name of their cell, and how many gates it has."""

CELLS = {f"{name}Cell": gates for name, (_, gates) in GATES.items()}
"""Cells of a layer that is put together of them: how many gates they have."""
