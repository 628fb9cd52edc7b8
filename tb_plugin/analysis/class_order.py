"""Order by confusion: classes that are taken for each other stand side by side.

Definition (predictions.md): R = C row-normalised, its diagonal 0; W = (R + Rᵀ) / 2; aᵢ = row i of W with Wᵢᵢ set to
the row's maximum; dᵢⱼ = 1 − cos(aᵢ, aⱼ); average linkage; at each merge the two halves are turned so that their ends
that meet are the closest (Gruvaeus and Wainer 1972).
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.record import BadRecord, pack, unpack

IN_PROCESS = 2_000
"""Largest number of classes for which the linkage may hold up TensorBoard's other threads."""

MOST = 6_000
"""Largest number of classes at all: the distances take 16 bytes a pair."""

SECONDS = 60.0

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Cells:
    """The cells of a confusion matrix that are not empty; K classes.

    Attributes:
        classes: K.
        row, column: int [cell]. Each cell once or more often: equal ones are summed.
        count: float64 [cell].
    """

    classes: int
    row: Array
    column: Array
    count: Array


@dataclass(frozen=True)
class Order:
    """Classes in order, and the tree behind it.

    Attributes:
        order: int64 [K]. Class ids.
        joins: float64 [K − 1]. Distance (0 to 1) at which neighbours i and i + 1 of the order come into one group: cut at
            a height, the runs between larger joins are the groups.
    """

    order: Array
    joins: Array


class TooSlow(RuntimeError):
    """There are too many classes, or it took too long."""


def class_order(cells: Cells) -> Order:
    """The order of the classes of a matrix. The same matrix gives the same order.

    Raises:
        TooSlow: There are more than `MOST` classes, or the subprocess for more than `IN_PROCESS` of them took too long.
    """
    if cells.classes <= IN_PROCESS:
        return compute(cells)
    if cells.classes > MOST:
        raise TooSlow(f"order by confusion takes at most {MOST} classes; these are {cells.classes}")
    given = pack({"row": cells.row, "column": cells.column, "count": cells.count}, {"classes": cells.classes})
    try:
        done = subprocess.run([sys.executable, "-m", __name__], input=given, capture_output=True, timeout=SECONDS, check=True)
        arrays, _ = unpack(done.stdout)
    except subprocess.TimeoutExpired as late:
        raise TooSlow(f"ordering {cells.classes} classes took more than {SECONDS:.0f} s") from late
    except (OSError, subprocess.CalledProcessError, BadRecord) as failed:
        raise TooSlow(f"the process that orders {cells.classes} classes failed: {failed}") from failed
    return Order(arrays["order"], arrays["joins"])


def compute(cells: Cells) -> Order:
    """As `class_order`, in this process, whatever it takes."""
    # SciPy takes TensorBoard's start 0.3 s: only who orders classes pays for it.
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    if cells.classes < 2:
        return Order(np.arange(cells.classes), np.zeros(0))
    distance = distances(cells)
    merges = linkage(squareform(distance, checks=False), "average")
    return _turned(merges, distance)


def distances(cells: Cells) -> Array:
    """1 − cos of the classes' confusions: float64 [K, K], symmetric, 0 on the diagonal.

    A class that was never confused is at distance 1 from all others.
    """
    from scipy import sparse

    k = cells.classes
    diagonal = np.arange(k)
    row, column, count = _cells(k, cells.row, cells.column, cells.count.astype(np.float64))
    total = np.bincount(row, weights=count, minlength=k)
    rate = count / total[row]
    off = row != column
    row, column, rate = row[off], column[off], rate[off] / 2
    row, column, mutual = _cells(k, np.concatenate([row, column]), np.concatenate([column, row]), np.concatenate([rate, rate]))
    largest = np.zeros(k)
    np.maximum.at(largest, row, mutual)
    row, column, profile = np.concatenate([row, diagonal]), np.concatenate([column, diagonal]), np.concatenate([mutual, largest])
    length = np.sqrt(np.bincount(row, weights=profile**2, minlength=k))
    confused = length[row] > 0
    unit = sparse.csr_array((profile[confused] / length[row[confused]], (row[confused], column[confused])), shape=(k, k))
    found: Array = 1.0 - (unit @ unit.T).toarray()
    # Rounding makes it differ from its transpose in the last digit, and fall below 0.
    found = np.clip((found + found.T) / 2, 0.0, 1.0)
    np.fill_diagonal(found, 0.0)
    return found


def _cells(k: int, row: Array, column: Array, value: Array) -> tuple[Array, Array, Array]:
    """Row, column and sum of each cell whose values do not sum to 0, by row and column."""
    key, place = np.unique(row.astype(np.int64) * k + column, return_inverse=True)
    total = np.bincount(place.reshape(-1), weights=value, minlength=len(key))
    return key[total > 0] // k, key[total > 0] % k, total[total > 0]


def _turned(merges: Array, distance: Array) -> Order:
    """Leaves of the tree from left to right, each merge turned so that the ends that meet are the closest."""
    k = len(distance)
    members: list[list[int] | None] = [[i] for i in range(k)]
    joins: list[list[float] | None] = [[] for _ in range(k)]
    for left, right, height, _ in merges.tolist():
        a, b = members[int(left)] or [], members[int(right)] or []
        joins_a, joins_b = joins[int(left)] or [], joins[int(right)] or []
        members[int(left)] = members[int(right)] = joins[int(left)] = joins[int(right)] = None
        ways = [(a[-1], b[0], 1, 1), (a[-1], b[-1], 1, -1), (a[0], b[0], -1, 1), (a[0], b[-1], -1, -1)]
        # The first of equals: without flips where they gain nothing.
        _, _, turn_a, turn_b = min(ways, key=lambda way: distance[way[0], way[1]])
        members.append(a[::turn_a] + b[::turn_b])
        joins.append([*joins_a[::turn_a], height, *joins_b[::turn_b]])
    return Order(np.array(members[-1], np.int64), np.array(joins[-1], np.float64))


def _main() -> None:
    """Cells on standard input, the order on standard output: what `class_order` starts for many classes."""
    arrays, header = unpack(sys.stdin.buffer.read())
    found = compute(Cells(header["classes"], arrays["row"], arrays["column"], arrays["count"]))
    sys.stdout.buffer.write(pack({"order": found.order, "joins": found.joins}, {}))


if __name__ == "__main__":
    _main()
