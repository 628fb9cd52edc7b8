"""Writes the TypeScript of the contract: `python -m tb_plugin.schema.typescript` (`--check`: fails when it is stale)."""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Union

from tb_plugin.schema.json_fields import json_name
from tb_plugin.schema.payload import Payload, array_specs
from tb_plugin.schema.registry import kinds

TARGET = Path(__file__).parents[2] / "frontend" / "src" / "schema.gen.ts"

_HEAD = """// Made by `python -m tb_plugin.schema.typescript`; do not edit.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** Integers arrive as int32 where all of them fit, else as float64, exact to 2^53. */
export type Ints = Int32Array | Float64Array;
"""
_ARRAY_TYPES = {"int64": "Ints", "float64": "Float64Array", "float32": "Float32Array", "float16": "Float32Array", "bool": "Uint8Array", "uint8": "Uint8Array"}


def typescript() -> str:
    """The whole of `schema.gen.ts`."""
    nested: dict[str, type[Any]] = {}
    interfaces = [_payload(cls, nested) for cls in kinds().values()]
    parts = [_HEAD, *[_dataclass(cls, nested) for cls in list(nested.values())], *interfaces, _payloads(), _facts()]
    return "\n".join(parts)


def _payload(cls: type[Payload], nested: dict[str, type[Any]]) -> str:
    hints, specs = typing.get_type_hints(cls), array_specs(cls)
    lines = [f"/** {_first_line(cls)} */", f"export interface {cls.__name__} {{", f"  readonly kind: '{cls.kind}';"]
    for f in dataclasses.fields(cls):  # type: ignore[arg-type]
        if f.name in specs:
            spec = specs[f.name]
            axes = ", ".join(str(axis) for axis in spec.axes)
            shown = f"{_ARRAY_TYPES[spec.dtype]}{' | null' if spec.optional else ''}"
            lines += [f"  /** [{axes}] {spec.help} */", f"  readonly {f.name}: {shown};"]
        else:
            shown = "string" if "reference" in f.metadata else _type(hints[f.name], nested)
            lines += [f"  /** {f.metadata['help']} */", f"  readonly {json_name(f.name)}: {shown};"]
    return "\n".join([*lines, "}", ""])


def _dataclass(cls: type[Any], nested: dict[str, type[Any]]) -> str:
    hints = typing.get_type_hints(cls)
    lines = [f"/** {_first_line(cls)} */", f"export interface {cls.__name__} {{"]
    lines += [f"  readonly {json_name(f.name)}: {_type(hints[f.name], nested)};" for f in dataclasses.fields(cls)]
    return "\n".join([*lines, "}", ""])


def _payloads() -> str:
    lines = [f"  {cls.kind}: {cls.__name__};" for cls in kinds().values()]
    return "\n".join(["/** Each kind's payload. */", "export interface Payloads {", *lines, "}", "", "export type Kind = keyof Payloads;", ""])


def _facts() -> str:
    lines = []
    for cls in kinds().values():
        arrays = {
            name: {"dtype": s.dtype, "axes": list(s.axes), "pointAxis": s.point_axis, "optional": bool(s.optional)} for name, s in array_specs(cls).items()
        }
        defaults = {
            json_name(f.name): f.default if f.default is not dataclasses.MISSING else typing.cast("Any", f.default_factory)()
            for f in dataclasses.fields(cls)  # type: ignore[arg-type]
            if f.name not in arrays and (f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING)
        }
        lines.append(f"  {cls.kind}: {json.dumps({'version': cls.version, 'arrays': arrays, 'defaults': defaults})},")
    opening = (
        "/** What is declared of each kind, for decoding. */\n"
        "export const KINDS: {\n"
        "  readonly [K in Kind]: {\n"
        "    readonly version: number;\n"
        "    readonly arrays: {\n"
        "      readonly [name: string]: {\n"
        "        readonly dtype: string;\n"
        "        readonly axes: readonly (string | number)[];\n"
        "        /** The axis along which points are joined. */\n"
        "        readonly pointAxis: number;\n"
        "        readonly optional: boolean;\n"
        "      };\n"
        "    };\n"
        "    readonly defaults: { readonly [name: string]: Json };\n"
        "  };\n"
        "} = {"
    )
    return "\n".join([opening, *lines, "};", ""])


def _type(annotation: Any, nested: dict[str, type[Any]]) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any:
        return "Json"
    if annotation is type(None):
        return "null"
    if origin is Literal:
        return " | ".join(f"'{option}'" for option in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(option, nested) for option in arguments)
    if origin is tuple:
        inner = _type(arguments[0], nested)
        return f"readonly ({inner})[]" if "|" in inner else f"readonly {inner}[]"
    if origin in (dict, Mapping):
        return f"{{ readonly [name: string]: {_type(arguments[1], nested)} }}"
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        nested[annotation.__name__] = annotation
        return annotation.__name__
    return {str: "string", int: "number", float: "number", bool: "boolean"}[annotation]


def _first_line(cls: type[Any]) -> str:
    return (cls.__doc__ or "").strip().splitlines()[0]


def main(arguments: list[str]) -> int:
    """Writes the file, or with `--check` tells whether it is what it would write."""
    wanted = typescript()
    if arguments == ["--check"]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
            return 0
        print(f"{TARGET.name} is stale: run python -m tb_plugin.schema.typescript", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
