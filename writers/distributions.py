"""Distributions of weights or gradients by sign and power of two, from plain arrays of any type.

The definitions are those of `tb_plugin.schema.distributions`; every framework's own, in its graph or on its device, is
tested against these.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tb_plugin.schema.distributions import INFINITE, NAN, OFFSET, ZERO, Distributions
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.record import digest
from writers import parameters as axis
from writers.host_arrays import host_array
from writers.strides import stride_of

Array = np.ndarray[Any, Any]

# Bits of a float's fraction, and of its exponent, by its size in bytes (IEEE 754, table 3.5).
_FLOATS = {2: (np.uint16, 10, 5), 4: (np.uint32, 23, 8), 8: (np.uint64, 52, 11)}


def of(arrays: Mapping[str, Any], *, parameters: Parameters | None = None) -> Distributions:
    """How the values of each parameter are distributed.

    Of a parameter with more than 65,536 values every n-th is looked at, n prime to its last axis. A share told from m
    values has a standard error of at most 1 / (2 √m): 0.2 % for 65,536.

    Args:
        arrays: Each parameter's weights, or its gradient, by path (`block_1/dense/kernel`), in forward order; None, or no
            entry, where it has none.
        parameters: The axis, where there is one already; else it is made from the arrays.

    Raises:
        ValueError: An array belongs to no parameter of the axis.
        TypeError: An array holds complex numbers, numbers of more than 64 bits, or no numbers; the message names it.
    """
    held = {path: _numbers(content, path) for path, content in arrays.items() if content is not None}
    known = parameters if parameters is not None else axis.of((_parameter(path, content), content.shape) for path, content in held.items())
    paths = [parameter.path for parameter in known.parameters]
    strangers = [path for path in held if path not in set(paths)]
    if strangers:
        raise ValueError(f"arrays must be of the parameters given; {strangers[0]!r:.200} is not. The paths are {paths!r:.200}")
    strides = tuple(stride_of(held[path].shape) if path in held else 1 for path in paths)
    return of_samples(known, [_every(held[path], stride) if path in held else None for path, stride in zip(paths, strides, strict=True)], strides)


def of_samples(parameters: Parameters, samples: Sequence[Array | None], strides: Sequence[int]) -> Distributions:
    """How the values of each parameter are distributed, from those that were looked at.

    Args:
        parameters: The axis.
        samples: Of each parameter every how many-th value, flat; None where it has none.
        strides: Every how many-th.
    """
    nothing = np.zeros(0, np.int64), np.zeros(0, np.int64)
    found = [nothing if sample is None else buckets(sample) for sample in samples]
    return Distributions(
        parameters=parameters,
        sampled=tuple(strides) if max(strides, default=1) > 1 else None,
        bucket_end=np.cumsum([len(codes) for codes, _ in found], dtype=np.int64),
        exponent=np.concatenate([np.zeros(0, np.int64), *(codes for codes, _ in found)]),
        count=np.concatenate([np.zeros(0, np.int64), *(counts for _, counts in found)]),
    )


def buckets(values: Array) -> tuple[Array, Array]:
    """Code and count of each bucket that holds a value, codes rising: both int64 [bucket].

    Args:
        values: Flat, of booleans, integers or floats of at most 64 bits.
    """
    native = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("="))
    return _of_floats(native) if native.dtype.kind == "f" else _of_integers(native)


def merge(parts: Iterable[Distributions]) -> Distributions:
    """The distributions of all values that some payloads tell of, as if they had been looked at together.

    Raises:
        ValueError: There is none, or they are of other parameters, or looked at other shares of their values.
    """
    given = list(parts)
    if not given:
        raise ValueError("there must be a payload to merge; there is none")
    first = given[0]
    for name, what in (("parameters", [_named(part) for part in given]), ("strides", [_strides(part) for part in given])):
        if any(each != what[0] for each in what):
            raise ValueError(f"the payloads must be of the same {name}; they differ")
    size = len(first.bucket_end)
    # One number for a parameter and a code: sorted, it stands where its bucket does.
    keys = np.concatenate([np.repeat(np.arange(size), _widths(part)) * 2**16 + part.exponent - NAN for part in given])
    codes, counts = _added(keys, np.concatenate([part.count for part in given]))
    return Distributions(
        parameters=first.parameters,
        sampled=first.sampled,
        bucket_end=np.searchsorted(codes, (np.arange(size) + 1) * 2**16),
        exponent=codes % 2**16 + NAN,
        count=counts,
    )


def edges(code: Array) -> Array:
    """Least and greatest value that a bucket may hold, by its code: float64 [bucket, 2].

    The edge that lies further from 0 is not among its values. NaN for NaN; beyond float64 the greatest number there is.
    """
    size, sign = np.abs(code), np.sign(code)
    with np.errstate(over="ignore"):
        near, far = (np.minimum(np.ldexp(1.0, size - OFFSET + more), np.finfo(np.float64).max) for more in (0, 1))
    pair = np.stack([near, far], axis=-1) * sign[:, None]
    pair[sign < 0] = pair[sign < 0, ::-1]
    pair[code == ZERO] = 0
    pair[size == INFINITE] = (sign[size == INFINITE] * np.inf)[:, None]
    pair[code == NAN] = np.nan
    return pair


def percentiles(distributions: Distributions, parameter: int, percent: Sequence[float]) -> Array:
    """Between which values each percentile of a parameter lies, NaN left out: float64 [percentile, 2].

    A percentile is the least value that is not below so many of them (NumPy's `inverted_cdf`); exact but for the width
    of a bucket, and for what a sample leaves out. NaN where there is no value.
    """
    codes, counts = of_parameter(distributions, parameter)
    codes, counts = codes[codes != NAN], counts[codes != NAN]
    if not len(codes):
        return np.full((len(percent), 2), np.nan)
    below = np.cumsum(counts)
    wanted = np.maximum(np.ceil(np.asarray(percent) * below[-1] / 100), 1)
    found: Array = edges(codes)[np.searchsorted(below, wanted)]
    return found


def histograms(distributions: Distributions) -> Mapping[str, Array]:
    """The finite values as TensorBoard's own histograms: for each path left edge, right edge and count, float64 [bucket, 3].

    Counts are those of all values, as the sample tells them. A parameter without a finite value has no entry.

    Raises:
        ValueError: The payload knows its parameters by digest alone.
    """
    if isinstance(distributions.parameters, str):
        raise ValueError("parameters must be known by name to make histograms; the payload has their digest only")
    found = {}
    for i, (parameter, stride) in enumerate(zip(distributions.parameters.parameters, _strides(distributions), strict=True)):
        codes, counts = of_parameter(distributions, i)
        finite = (codes != NAN) & (np.abs(codes) != INFINITE)
        if finite.any():
            found[parameter.path] = np.column_stack([edges(codes[finite]), counts[finite] * float(stride)])
    return found


def of_parameter(distributions: Distributions, parameter: int) -> tuple[Array, Array]:
    """Code and count of each bucket of one parameter, by its place."""
    end = int(distributions.bucket_end[parameter])
    span = slice(end - int(_widths(distributions)[parameter]), end)
    return distributions.exponent[span], distributions.count[span]


def _numbers(content: Any, path: str) -> Array:
    held = host_array(content, f"the values of {path!r:.200}")
    if held.dtype.kind not in "biuf" or held.dtype.itemsize > 8:
        raise TypeError(f"the values of {path!r:.200} must be real numbers of at most 64 bits; they are {held.dtype}")
    return held


def _parameter(path: str, content: Array) -> Parameter:
    return Parameter(path=path, variable_path=path, layer=path.rpartition("/")[0], dtype=str(content.dtype), role="trainable")


def _every(content: Array, stride: int) -> Array:
    """Every n-th value in the order of the last axis; what is left out is not copied, whatever the layout in memory."""
    return content.reshape(-1)[::stride] if content.flags.c_contiguous else content.flat[::stride]


def _of_floats(values: Array) -> tuple[Array, Array]:
    unsigned, fraction, width = _FLOATS[values.dtype.itemsize]
    bits = values.view(unsigned)
    special = 2**width - 1
    # Sign and exponent are the upper bits, so that they count themselves.
    upper = np.bincount((bits >> unsigned(fraction)).astype(np.int64), minlength=2 * (special + 1))
    exponent = np.arange(1, special) - special // 2 + OFFSET
    negative = upper[special + 1 :]
    codes, counts = [exponent, -exponent], [upper[1:special], negative[1:special]]
    if upper[0] or negative[0]:
        # Zero, and denormal values: those lack the leading 1, so their exponent is that of their fraction.
        low = bits[(bits << unsigned(1)) >> unsigned(fraction + 1) == 0]
        rest = low & unsigned(2**fraction - 1)
        size = np.frexp(rest.astype(np.float64))[1] - 1 + (1 - special // 2 - fraction) + OFFSET
        codes.append(np.where(rest == 0, ZERO, np.where(low >> unsigned(fraction + width), -size, size)))
        counts.append(np.ones(len(low), np.int64))
    if upper[special] or negative[special]:
        odd = values[~np.isfinite(values)]
        codes.append(np.where(np.isnan(odd), NAN, np.where(odd > 0, INFINITE, -INFINITE)))
        counts.append(np.ones(len(odd), np.int64))
    return _added(np.concatenate(codes).astype(np.int64), np.concatenate(counts))


def _of_integers(values: Array) -> tuple[Array, Array]:
    wide = values.astype(np.uint64 if values.dtype.kind in "bu" else np.int64)
    negative = wide < 0
    size = np.abs(wide).view(np.uint64)  # also of the least integer, whose size no signed one has
    exponent = np.minimum(np.frexp(size.astype(np.float64))[1] - 1, 63).astype(np.int64)
    # As a float an integer above 2^53 may be rounded up to the next power.
    exponent -= (size >> exponent.clip(0).astype(np.uint64) == 0) & (size > 0)
    codes = np.where(size == 0, ZERO, np.where(negative, -1, 1) * (exponent + OFFSET))
    return _added(codes, np.ones(len(codes), np.int64))


def _added(codes: Array, counts: Array) -> tuple[Array, Array]:
    """Counts of equal codes added up, codes rising; those of nothing are left out."""
    codes, counts = codes[counts > 0], counts[counts > 0]
    distinct, place = np.unique(codes, return_inverse=True)
    total = np.zeros(len(distinct), np.int64)
    np.add.at(total, place.reshape(-1), counts)
    return distinct, total


def _widths(distributions: Distributions) -> Array:
    return np.diff(distributions.bucket_end, prepend=0)


def _strides(distributions: Distributions) -> tuple[int, ...]:
    return distributions.sampled if distributions.sampled is not None else (1,) * len(distributions.bucket_end)


def _named(distributions: Distributions) -> str:
    return distributions.parameters if isinstance(distributions.parameters, str) else digest(distributions.parameters)
