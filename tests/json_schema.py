"""Just enough of JSON Schema (draft 2020-12) to hold runbooks against ours, and YAML as JSON has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
_KNOWN = frozenset(
    {
        *("$schema", "title", "description", "examples", "format", "type", "const", "enum", "pattern", "minLength"),
        *("maxLength", "minimum", "maximum", "minItems", "items", "properties", "required", "additionalProperties"),
        *("propertyNames", "dependentRequired", "oneOf", "anyOf", "allOf", "not", "if", "then", "else"),
    }
)


def as_json(text: str) -> Any:
    """A YAML text as an editor hands it to a schema: numbers and flags typed by the core rules, all else text."""

    def of(node: Node) -> Any:
        if isinstance(node, MappingNode):
            return {of(key) if isinstance(of(key), str) else str(key.value): of(value) for key, value in node.value}
        if isinstance(node, SequenceNode):
            return [of(item) for item in node.value]
        match str(node.tag).rpartition(":")[2]:
            case "int":
                return int(node.value)
            case "float":
                return float(node.value)
            case "bool":
                return node.value.lower() == "true"
            case "null":
                return None
        return str(node.value)

    return of(YAML(typ="rt").compose(text))


def faults(schema: dict[str, Any], value: Any, path: str = "") -> Iterator[str]:
    """What of `value` does not fit `schema`, each with its path."""
    assert set(schema) <= _KNOWN, f"the validator does not know {set(schema) - _KNOWN}"
    wanted = schema.get("type")
    if wanted is not None and not any(_is(value, name) for name in ([wanted] if isinstance(wanted, str) else wanted)):
        yield f"{path}: is no {wanted}"
        return
    if "const" in schema and value != schema["const"]:
        yield f"{path}: is not {schema['const']}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: is none of {schema['enum']}"
    if isinstance(value, str):
        if not re.search(schema.get("pattern", ""), value):
            yield f"{path}: does not match {schema['pattern']}"
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{path}: is too short or too long"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            yield f"{path}: is too small or too large"
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{path}: has too few items"
        for index, item in enumerate(value):
            yield from faults(schema.get("items", {}), item, f"{path}[{index}]")
    elif isinstance(value, dict):
        yield from _of_object(schema, value, path)
    yield from _of_others(schema, value, path)


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _of_object(schema: dict[str, Any], value: dict[str, Any], path: str) -> Iterator[str]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{path}: needs {key}"
    for key, inner in value.items():
        yield from faults(schema.get("propertyNames", {}), key, f"{path}.{key}")
        if key in known:
            yield from faults(known[key], inner, f"{path}.{key}")
        elif others is False:
            yield f"{path}: does not know {key}"
        else:
            yield from faults(others, inner, f"{path}.{key}")
    for key, needed in schema.get("dependentRequired", {}).items():
        if key in value and not set(needed) <= set(value):
            yield f"{path}: {key} needs {needed}"


def _of_others(schema: dict[str, Any], value: Any, path: str) -> Iterator[str]:
    def fits(other: dict[str, Any]) -> bool:
        return next(faults(other, value), None) is None

    if "oneOf" in schema and sum(map(fits, schema["oneOf"])) != 1:
        yield f"{path}: fits not exactly one of the choices"
    if "anyOf" in schema and not any(map(fits, schema["anyOf"])):
        yield f"{path}: fits none of the choices"
    for part in schema.get("allOf", ()):
        yield from faults(part, value, path)
    if "not" in schema and fits(schema["not"]):
        yield f"{path}: fits what it must not"
    if "if" in schema:
        yield from faults(schema.get("then" if fits(schema["if"]) else "else", {}), value, path)
