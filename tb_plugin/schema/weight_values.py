"""Kind `weight_values`: the values of each parameter at one moment, as far as there is room for them."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload, array, listed, reference

Kept = Literal["all", "blocks", "kernels", "sample", "none"]

LARGEST_EXPONENT = 14
"""A float16 holds numbers below 2^16; one power is left for rounding."""


class WeightValues(Payload, kind="weight_values", version=1):
    """The values of each parameter before one step: whole where they are few, else a part that is the same at each moment.

    A value is `value · 2^exponent`: within 2^-11 of itself, if it is not below 2^-28 of the parameter's largest. Cells lie in
    R = `rows` of C = `columns`, and where an axis of n is cut into m parts, part i begins at ⌊i · n / m⌋.

    Of a parameter kept as `all`, cells are all values, in the order of the array; as `blocks`, the means of the blocks of a
    matrix that is cut into R × C, each with its least and greatest value; as `kernels`, some kernels of a convolution, one a
    row, each in the order of its axes; as `sample`, the first value of each of C parts. `none` are whole numbers, what there
    is no room for, and what was not asked for.

    A matrix has a column for each place of its last axis and a row for each of all others together; where the last of `axes`
    is `length` or `width`, a row for each place of the first one and a column for each of all others. What is not finite
    stays as it is; a block that holds NaN has NaN for a mean, and the least and greatest of its numbers.

    `axes` are words with commas between, such as `height,width,in,out`. Where one has equal parts, a colon and their names
    follow, with upright strokes between: gates of a recurrent layer, queries, keys and values.
    """

    parameters: Parameters | str = reference(sizes={"parameter": ("parameter", 0)}, help="The parameters, in forward order, with their true shapes.")
    kept: tuple[Kept, ...] = listed("parameter", help="What of each parameter is told: all, blocks, kernels, sample or none.")
    axes: tuple[str, ...] = listed(
        "parameter",
        help="What the axes of a parameter are: `in,out`, `height,width,in,out`, `id,feature`; or empty.",
    )
    exponent: np.ndarray[Any, Any] = array("int64", "parameter", help="Power of two by which each parameter's values are to be multiplied.")
    sum_squares: np.ndarray[Any, Any] = array("float64", "parameter", help="Sum of the squares of all finite values; NaN where nobody knows them.")
    non_finite: np.ndarray[Any, Any] = array("int64", "parameter", at_least=0, help="Values that are NaN or infinite, of all.")
    rows: np.ndarray[Any, Any] = array("int64", "parameter", at_least=0, help="Rows of cells.")
    columns: np.ndarray[Any, Any] = array("int64", "parameter", at_least=0, help="Cells in a row.")
    cell_end: np.ndarray[Any, Any] = array("int64", "parameter", ends="cell", help="Where each parameter's cells end.")
    value: np.ndarray[Any, Any] = array("float16", "cell", help="Values, or means of blocks, row by row, before they are multiplied.")
    block_end: np.ndarray[Any, Any] = array(
        "int64", "parameter", ends="block", help="Where each parameter's blocks end; only of one kept as blocks there are any."
    )
    low: np.ndarray[Any, Any] = array("float16", "block", help="Least value of each block, before it is multiplied; NaN where all are NaN.")
    high: np.ndarray[Any, Any] = array("float16", "block", help="Greatest value of each block, before it is multiplied; NaN where all are NaN.")
    kernel_end: np.ndarray[Any, Any] = array(
        "int64", "parameter", ends="kernel", help="Where each parameter's kernels end; only of one kept as kernels there are any."
    )
    kernel: np.ndarray[Any, Any] = array(
        "int64", "kernel", at_least=0, ascending_within="kernel_end", help="Which kernel each row is: that of input i to output o of n outputs is i · n + o."
    )
    strong_end: np.ndarray[Any, Any] = array("int64", "parameter", ends="strong value", help="Where each parameter's strongest values end.")
    strong: np.ndarray[Any, Any] = array(
        "int64",
        "strong value",
        at_least=0,
        ascending_within="strong_end",
        help="Places of the values furthest from 0, in the order of the array; of one kept whole none are named.",
    )
    strong_value: np.ndarray[Any, Any] = array("float32", "strong value", help="Those values themselves.")
    singular_end: np.ndarray[Any, Any] = array(
        "int64", "parameter", ends="singular value", help="Where each parameter's singular values end; none: not computed."
    )
    singular: np.ndarray[Any, Any] = array(
        "float32", "singular value", never_rises_within="singular_end", help="Singular values of the matrix, exact down to 10^-7 of the first one."
    )

    def check(self) -> None:
        """Cells lie in rows and columns; blocks are cells, kernels are rows."""
        cells, blocks, kernels = (np.diff(end, prepend=0) for end in (self.cell_end, self.block_end, self.kernel_end))
        for i, kept in enumerate(self.kept):
            rows, columns = int(self.rows[i]), int(self.columns[i])
            if kept != "none" and rows * columns != cells[i]:
                raise ValueError(f"{self.kind}: cells must be rows × columns; parameter {i} has {cells[i]}, in {rows} × {columns}")
            if kept == "blocks" and blocks[i] != cells[i]:
                raise ValueError(
                    f"{self.kind}: each cell of blocks has its least and greatest value; parameter {i} has {cells[i]} cells and {blocks[i]} of those"
                )
            if kept == "kernels" and kernels[i] != rows:
                raise ValueError(f"{self.kind}: each row of kernels is named; parameter {i} has {rows} rows and {kernels[i]} names")
