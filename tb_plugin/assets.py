"""Serves the built frontend in `static/`: the entry, and below it files whose names carry a digest of their content."""

from __future__ import annotations

from pathlib import Path

from werkzeug.wrappers import Request

from tb_plugin.refusals import NotFound
from tb_plugin.responses import IMMUTABLE, REVALIDATE, Body

ROOT = Path(__file__).resolve().parent / "static"

# Fixed: the platform's own table differs between systems (Windows says text/plain for .js).
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}

_NOT_BUILT = b"""export function render() {
  document.body.textContent = 'Layerscope: the page was not built. Run "make setup", or "pip install ." again, then restart TensorBoard.';
}
"""


def entry(request: Request) -> Body:
    """`index.js`: its name is fixed, so the browser asks each time whether it still holds."""
    path = ROOT / "index.js"
    return Body(path.read_bytes() if path.is_file() else _NOT_BUILT, _TYPES[".js"], cache=REVALIDATE)


def static(request: Request) -> Body:
    """A file below `static/`; kept by the browser for ever, because its name changes with its content.

    Raises:
        NotFound: There is no such file, or it lies outside, or is of no type that a page has.
    """
    name = request.path.partition("/static/")[2]
    folder = (ROOT / "static").resolve()
    # A NUL byte makes resolve() raise instead of telling "no such file".
    path = folder if "\0" in name else (folder / name).resolve()
    if not path.is_relative_to(folder) or path.suffix not in _TYPES or not path.is_file():
        raise NotFound(f"there is no file {name!r:.120}", "Reload the page: it was built anew, and its parts have new names.")
    return Body(path.read_bytes(), _TYPES[path.suffix], cache=IMMUTABLE)
