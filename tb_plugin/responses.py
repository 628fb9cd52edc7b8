"""HTTP: one shape for arrays, one for JSON, one for problems; caching, compression and HEAD in one place."""

from __future__ import annotations

import gzip
import hashlib
import logging
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tensorboard import errors
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request, Response

from tb_plugin.answer import container as contained
from tb_plugin.points import Problem
from tb_plugin.refusals import Nothing, Refusal
from tb_plugin.schema.json_fields import canonical

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("layerscope")

JSON = "application/json"
ARRAYS = "application/octet-stream"

REVALIDATE = "private, no-cache"
"""The browser keeps it, and asks each time whether it still holds."""
IMMUTABLE = "private, max-age=31536000, immutable"

_SAMPLE = 64 * 1024
_WORTH_COMPRESSING = 1024
_PAYS = 0.75


@dataclass(frozen=True)
class Body:
    """What a route answers, before HTTP."""

    content: bytes
    content_type: str
    status: HTTPStatus = HTTPStatus.OK
    cache: str = REVALIDATE


class _Typed(Response):
    """A response that names its type also when it says 304: TensorBoard asks that of every response, Werkzeug takes it away."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        headers = super().get_wsgi_headers(environ)
        if self.content_type is not None:
            headers["Content-Type"] = self.content_type
        return headers


def arrays(container: bytes) -> Body:
    """An answer of arrays: one uncompressed safetensors."""
    return Body(container, ARRAYS)


def json(content: Mapping[str, Any]) -> Body:
    """An answer in JSON; numbers that are not finite become null."""
    return Body(canonical(content), JSON)


def problem(error: str, fix: str, status: HTTPStatus) -> Body:
    """What went wrong and the way out, in the one shape that every error has."""
    return Body(canonical({"error": error, "fix": fix}), JSON, status, cache="no-store")


def application(route: Callable[..., Body], *arguments: Any) -> Callable[..., Any]:
    """A route as a WSGI application: `route(request, *arguments)` gives the body or raises, the rest is done here."""

    @Request.application
    def answer(request: Request) -> Response:
        return respond(request, _body(request, route, arguments))

    return answer


def respond(request: Request, body: Body) -> Response:
    """The body as HTTP, or 304 when the browser has it already."""
    headers = {"Cache-Control": body.cache, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    if body.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "GET, HEAD"
    response = _Typed(status=body.status, headers=headers, content_type=body.content_type)
    if body.status == HTTPStatus.OK:
        # Weak: the same content may travel compressed or not.
        response.set_etag(hashlib.blake2b(body.content, digest_size=12).hexdigest(), weak=True)
        if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
            response.status_code = HTTPStatus.NOT_MODIFIED
            return response
    content = body.content
    if request.accept_encodings["gzip"] and _compressible(content):
        content = gzip.compress(content, 1 if body.content_type == ARRAYS else 6, mtime=0)
        response.headers["Content-Encoding"] = "gzip"
    response.set_data(content)
    return response


def _body(request: Request, route: Callable[..., Body], arguments: tuple[Any, ...]) -> Body:
    if request.method not in ("GET", "HEAD"):
        return problem(f"{request.method} is not answered here", "Use GET or HEAD.", HTTPStatus.METHOD_NOT_ALLOWED)
    try:
        return route(request, *arguments)
    except Nothing as nothing:
        return arrays(contained([], [Problem(nothing.error, nothing.fix)]))
    except Refusal as refusal:
        return problem(refusal.error, refusal.fix, refusal.status)
    except errors.PublicError as refused:
        return problem(str(refused), "TensorBoard refused to read this; its own log says more.", HTTPStatus(refused.http_code))
    except Exception as unforeseen:  # the edge of the house: a bug of ours must not answer in HTML or stay unsaid
        _log.exception("%s failed", request.path)
        return problem(
            f"Layerscope failed: {type(unforeseen).__name__}: {unforeseen}",
            "This is a bug; please report it with TensorBoard's log.",
            HTTPStatus.INTERNAL_SERVER_ERROR,
        )


def _compressible(content: bytes) -> bool:
    if len(content) < _WORTH_COMPRESSING:
        return False
    sample = content[-_SAMPLE:]  # the end: a container begins with its header, which always shrinks
    return len(zlib.compress(sample, 1)) < _PAYS * len(sample)
