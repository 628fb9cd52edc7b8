"""What a layer of a graph does, from the operations in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tb_plugin.schema.json_fields import Json

# What says most of a layer, the first one found.
_MAIN = tuple(
    re.compile(rule)
    for rule in (
        r"(?:Depthwise)?Conv\d?D?.*(?<!Input)(?<!Filter)|_?convolution.*",
        r"(?:Batch|Sparse|Quantized)?MatMul.*|Einsum|addmm|matmul|linear|bmm|einsum",
        r"CudnnRNN.*|(?:Block|)LSTM.*|GRU.*|lstm|gru|While|StatelessWhile",
        r"scaled_dot_product_attention",
        r"FusedBatchNorm.*|BatchNorm.*|LRN|batch_norm|layer_norm|group_norm|instance_norm",
        r"(?:Resource)?Gather.*|embedding|SparseSegment.*",
        r"(?:Max|Avg|Mean)Pool.*|(?:adaptive_)?(?:max|avg)_pool.*",
        r"Concat.*|cat",
    )
)
CONTRACTS = re.compile(f"(?:{_MAIN[0].pattern}|{_MAIN[1].pattern})")
"""Kinds that sum products: what a layer is for, where nothing tells which variables it has."""

# Sizes, casts and copies, which say nothing where there is anything else.
_PLAIN = re.compile(
    r"Shape|StridedSlice|Pack|Cast|Identity.*|ExpandDims|Squeeze|Fill|Range|Size|Rank|Prod|Switch|Merge|Enter|Exit|NextIteration|LoopCond|Unpack|Const"
    r"|size|Int|contiguous|to|detach|expand|clone"
)
_ACTIVATIONS = {
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "log_softmax": "log_softmax",
    "logsoftmax": "log_softmax",
    "softplus": "softplus",
    "leakyrelu": "leaky_relu",
    "gelu": "gelu",
    "silu": "silu",
}
_MOST_TOLD = 12


def main_kind(kinds: Sequence[str]) -> str:
    """What a layer is called after: a convolution before its bias and its activation."""
    distinct = list(dict.fromkeys(kinds))
    for rule in _MAIN:
        for kind in distinct:
            if rule.fullmatch(kind):
                return kind
    if "Rsqrt" in distinct and "Mul" in distinct:
        return "Normalization"  # written out, as Keras 3 does
    telling = [kind for kind in distinct if not _PLAIN.fullmatch(kind)]
    return (telling or distinct or ["Parameters"])[0]


def told_of(kinds: Sequence[str]) -> dict[str, Json]:
    """The operations of a layer, as its configuration; the activation by itself where there is just one."""
    told = [kind for kind in dict.fromkeys(kinds) if not _PLAIN.fullmatch(kind)]
    config: dict[str, Json] = {}
    main = main_kind(kinds)
    activations = {_ACTIVATIONS[kind.lower()] for kind in told if kind.lower() in _ACTIVATIONS and kind != main}
    if len(activations) == 1:
        config["activation"] = activations.pop()
    if len(kinds) > 1:
        more = f" … ({len(told)} kinds)" if len(told) > _MOST_TOLD else ""
        config["operations"] = f"{len(kinds)}: {', '.join(told[:_MOST_TOLD])}{more}" if told else len(kinds)
    return config
