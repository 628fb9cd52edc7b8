"""Why a route does not answer: what is wrong, the way out, and the status that says so in HTTP.

Refusal
├── BadQuery    400
├── NotFound    404
├── Nothing     200, an answer without points
└── TooMuch     422
"""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar


class Refusal(Exception):
    """A request is not answered.

    Attributes:
        error: What is wrong with it.
        fix: What to do instead.
        status: Of every refusal of this sort.
    """

    status: ClassVar[HTTPStatus]

    def __init__(self, error: str, fix: str) -> None:
        super().__init__(error)
        self.error, self.fix = error, fix


class BadQuery(Refusal):
    """It cannot be answered as it is."""

    status = HTTPStatus.BAD_REQUEST


class NotFound(Refusal):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class Nothing(Refusal):
    """There is such a series, and nothing of it where it is asked for, as before its first step: in a browser no error."""

    status = HTTPStatus.OK


class TooMuch(Refusal):
    """It can be asked, but not be computed here in bearable time."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
