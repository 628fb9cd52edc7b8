"""Kind `examples`: samples to look at."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from tb_plugin.schema.payload import Payload, array, listed, value

Media = Literal["image/webp", "image/png", "image/jpeg", "text/plain", "features"]


class Examples(Payload, kind="examples", version=1):
    """Some samples as a person can see them, each written once; a later point adds others.

    They are found by the ids of `samples`, or by their numbers where there are no ids. The content of `text/plain` is UTF-8,
    that of `features` one little-endian float32 for each of `feature_names`, that of an image a file.
    """

    ids: tuple[str, ...] | None = listed("example", help="Id of each sample, where ids are texts.", default=None)
    media: tuple[Media, ...] = listed("example", help="What each example is.")
    feature_names: tuple[str, ...] = value(help="Names of the features, in the order of the content of `features`.", default=())
    number: np.ndarray[Any, Any] = array("int64", "example", help="Number of each sample, as in `samples`.")
    content_end: np.ndarray[Any, Any] = array("int64", "example", ends="byte", help="Where each example's content ends.")
    content: np.ndarray[Any, Any] = array("uint8", "byte", help="The contents, one after another.")
