"""Serialised graphs of operations (`GraphDef`, `RunMetadata`) → nodes and functions, one by one, without their constants.

A graph of a log may be huge, damaged or cut off. So its bytes are walked here, and a message is made of one node at a time: a
constant of megabytes is stepped over, and what stands before the damage is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import node_def_pb2, op_def_pb2

MOST_NODES = 200_000
"""Of one graph, its functions included."""

_WHOLE = 16 * 2**10  # of a node: above that it is freed of its long attributes first
_LONGEST_ATTRIBUTE = 4 * 2**10
_MOST_FUNCTIONS = 20_000

# Numbers of fields, from TensorFlow's graph.proto, function.proto, node_def.proto and config.proto.
_GRAPH_NODE, _GRAPH_LIBRARY = 1, 2
_LIBRARY_FUNCTION = 1
_FUNCTION_SIGNATURE, _FUNCTION_NODE, _FUNCTION_RETURN = 1, 3, 4
_NODE_ATTRIBUTE = 5
_METADATA_FUNCTION_GRAPHS, _BEFORE_OPTIMIZATION, _AFTER_OPTIMIZATION = 4, 2, 3
_KEY, _VALUE = 1, 2
_NAME = 1


class BadGraph(ValueError):
    """These bytes are no graph that can be read; the message says why."""


@dataclass(frozen=True)
class Function:
    """A function of a graph's library.

    Attributes:
        inputs, outputs: Names of its arguments and of what it returns, in order.
        nodes: Its `NodeDef`s.
        returns: Which tensor each output is.
    """

    inputs: Sequence[str]
    outputs: Sequence[str]
    nodes: Sequence[Any]
    returns: dict[str, str]


@dataclass
class Graph:
    """A graph as it was logged.

    Attributes:
        nodes: Its `NodeDef`s.
        library: Its functions by name, as bytes: most of them nobody calls.
        arguments: `NodeDef`s of the same function's arguments as TensorFlow ran it, by name: these tell shapes.
        is_whole: Whether all of it could be read.
    """

    nodes: list[Any] = field(default_factory=list)
    library: dict[str, memoryview] = field(default_factory=dict)
    arguments: dict[str, Any] = field(default_factory=dict)
    is_whole: bool = True

    def function(self, name: str) -> Function | None:
        """A function; None where there is none that can be read."""
        body = self.library.get(name)
        try:
            return None if body is None else _function(body)
        except (DecodeError, _CutOff):
            return None


def graph_of(data: bytes) -> Graph:
    """A `GraphDef`.

    Raises:
        BadGraph: Not a node of it can be read.
    """
    graph = Graph()
    _read(memoryview(data), graph)
    if not graph.nodes:
        raise BadGraph("it has no node" if graph.is_whole else "it is damaged from its beginning")
    return graph


def graphs_of(data: bytes) -> list[Graph]:
    """The graphs of the functions in a `RunMetadata`, as they were before TensorFlow optimised them.

    Raises:
        BadGraph: It has none that can be read.
    """
    graphs: list[Graph] = []
    try:
        for group in _messages(memoryview(data), _METADATA_FUNCTION_GRAPHS):
            for body in _messages(group, _BEFORE_OPTIMIZATION):
                graph = Graph()
                _read(body, graph)
                if graph.nodes:
                    graphs.append(graph)
            for body in _messages(group, _AFTER_OPTIMIZATION):
                if graphs:
                    optimised = Graph()
                    _read(body, optimised)
                    graphs[-1].arguments = {node.name: node for node in optimised.nodes if node.op == "_Arg"}
    except _CutOff:
        if graphs:
            graphs[-1].is_whole = False
    if not graphs:
        raise BadGraph("it has no graph of a function")
    return graphs


def _read(data: memoryview, graph: Graph) -> None:
    try:
        for number, content in _fields(data):
            if number == _GRAPH_NODE and isinstance(content, memoryview):
                if len(graph.nodes) >= MOST_NODES:
                    graph.is_whole = False
                    return
                graph.nodes.append(_node(content))
            elif number == _GRAPH_LIBRARY and isinstance(content, memoryview):
                for body in _messages(content, _LIBRARY_FUNCTION):
                    if len(graph.library) < _MOST_FUNCTIONS:
                        graph.library[_name(body)] = body
    except (_CutOff, DecodeError):
        graph.is_whole = False


def _name(function: memoryview) -> str:
    signature = next(_messages(function, _FUNCTION_SIGNATURE), None)
    name = next(_messages(signature, _NAME), None) if signature is not None else None
    return "" if name is None else bytes(name).decode(errors="replace")


def _function(body: memoryview) -> Function:
    signature, nodes, returns = op_def_pb2.OpDef(), [], {}
    for number, content in _fields(body):
        if not isinstance(content, memoryview):
            continue
        if number == _FUNCTION_SIGNATURE:
            signature = op_def_pb2.OpDef.FromString(content)
        elif number == _FUNCTION_NODE:
            nodes.append(_node(content))
        elif number == _FUNCTION_RETURN:
            pair = {n: bytes(text).decode(errors="replace") for n, text in _fields(content) if isinstance(text, memoryview)}
            returns[pair.get(_KEY, "")] = pair.get(_VALUE, "")
    return Function([each.name for each in signature.input_arg], [each.name for each in signature.output_arg], nodes, returns)


def _node(content: memoryview) -> Any:
    return node_def_pb2.NodeDef.FromString(content if len(content) <= _WHOLE else _without_long_attributes(content))


def _without_long_attributes(content: memoryview) -> bytes:
    kept = bytearray()
    start = 0
    for number, value, end in _spans(content):
        if number != _NODE_ATTRIBUTE or not isinstance(value, memoryview) or len(value) <= _LONGEST_ATTRIBUTE:
            kept += content[start:end]
        start = end
    return bytes(kept)


class _CutOff(Exception):
    """The bytes end within a field, or are none."""


def _messages(data: memoryview, wanted: int) -> Iterator[memoryview]:
    return (content for number, content in _fields(data) if number == wanted and isinstance(content, memoryview))


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview | int]]:
    return ((number, content) for number, content, _ in _spans(data))


def _spans(data: memoryview) -> Iterator[tuple[int, memoryview | int, int]]:
    """Number, content and end of each field of a message: Protocol Buffers' wire format."""
    at, size = 0, len(data)
    while at < size:
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        content: memoryview | int = 0
        if wire == 0:
            content, at = _varint(data, at)
        elif wire == 2:
            length, at = _varint(data, at)
            content = data[at : at + length]
            at += length
        elif wire in (1, 5):
            at += 8 if wire == 1 else 4
        else:
            raise _CutOff
        if at > size or number == 0:
            raise _CutOff
        yield number, content, at


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise _CutOff
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
