"""The kinds there are: every `Payload` declared in a file of this folder."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from tb_plugin import schema
from tb_plugin.schema.payload import Payload


@cache
def kinds() -> dict[str, type[Payload]]:
    """Each kind's declaration by its name, in alphabetical order."""
    for module in pkgutil.iter_modules(schema.__path__):
        importlib.import_module(f"{schema.__name__}.{module.name}")
    return {cls.kind: cls for cls in sorted(Payload.__subclasses__(), key=lambda cls: cls.kind)}
