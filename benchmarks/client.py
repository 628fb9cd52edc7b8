"""Requests to a TensorBoard over HTTP: how long each takes, and how large its answer is."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

_OURS = "/data/plugin/layerscope"


class Answered(NamedTuple):
    """Seconds until the whole answer is here, and its bytes as they came."""

    seconds: float
    size: int


class Client:
    """A connection for each request, as TensorBoard closes each; what is timed begins once it is there."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def get(self, route: str, query: Mapping[str, str] | None = None, *, ours: bool = True, compressed: bool = False) -> Answered:
        """Asks a route.

        Args:
            route: Ours, below the plugin's prefix, or a whole path.
            query: What is asked.
            ours: Whether the route is ours.
            compressed: Whether the answer may be, as browsers say; what it says then is not checked.

        Raises:
            RuntimeError: The answer is an error.
        """
        connection = http.client.HTTPConnection(self._address, timeout=300)
        connection.connect()
        begin = time.perf_counter()
        headers = {"Accept-Encoding": "gzip, deflate, br"} if compressed else {}
        connection.request("GET", f"{_OURS if ours else ''}{route}?{urlencode(query or {})}", headers=headers)
        response = connection.getresponse()
        content = response.read()
        taken = time.perf_counter() - begin
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{route} answered {response.status}: {content[:300]!r}")
        return Answered(taken, len(content))
