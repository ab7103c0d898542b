"""What pydantic says of a file, as findings that name the mend."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic import ValidationError

from gateway.clients.findings import Flaw, Location
from gateway.clients.model import ClientConfig
from gateway.clients.values import MEND

_MENDS: Mapping[str, str] = {
    "greater_than": "write more than {gt:g}",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "bool_type": "write true or false",
    "int_type": "write a whole number, without quotes or signs",
    "float_type": "write a number, without quotes",
    "string_type": "put it in quotes",
    "string_too_short": "write at least {min_length} character(s)",
    "string_too_long": "write at most {max_length} characters",
    "too_short": "name at least {min_length}",
    "tuple_type": "write a list: begin each item with -",
    "model_type": "write key: value lines, with a space after the colon",
    "literal_error": "write one of {expected}",
    "enum": "write one of {expected}",
}


_WORDS: Mapping[str, str] = {
    "int_type": "a whole number",
    "string_type": "text",
    "tuple_type": "a list",
    "model_type": "key: value lines",
}
"""What a value should be, in the words of those who write files."""

_MINOR = "write minor units as a whole number: 500 for 5.00"


@cache
def client_schema() -> dict[str, Any]:
    """The JSON Schema of a client's file."""
    return ClientConfig.model_json_schema()


def flaws_of_shape(error: ValidationError, data: Any) -> Iterator[Flaw]:
    """One for each thing that is wrong, none for what only follows from another."""
    found = error.errors(include_url=False, include_input=False)
    for one in found:
        if not _follows(one, found):
            yield _flaw(one, data)


def _follows(one: Any, found: Any) -> bool:
    """A list is called too short where its items are wrong: those are the findings."""
    place = one["loc"]
    return one["type"] == "too_short" and any(
        len(other["loc"]) > len(place) and other["loc"][: len(place)] == place for other in found
    )


def _flaw(one: Any, data: Any) -> Flaw:
    at: Location = one["loc"]
    kind, context = one["type"], one.get("ctx", {})
    last = at[-1] if at else ""
    match kind:
        case "extra_forbidden":
            return Flaw(at, "unknown-key", f"unknown key {_visible(str(last))}", _meant(at))
        case "missing" if last == "source" and at[0] == "contact":
            reason = "a contact rule without its source"
            mend = "add source: with the law, contract or practice that the figure comes from"
            return Flaw(at, "missing-source", reason, mend)
        case "missing":
            return Flaw(at, "missing-key", f"{last} is missing", f"add {last}:{_example(at)}")
        case "string_pattern_mismatch" if last == "secret" and not _named(at, data):
            return Flaw(at, "secret-value", "a secret stands in the file", MEND)
        case "string_pattern_mismatch":
            mend = (
                f"write it like{_example(at)}"
                if _example(at)
                else f"it must match {context['pattern']}"
            )
            return Flaw(at, "value", "it is not written as it must be", mend)
        case "value_error":
            reason, _, mend = one["msg"].removeprefix("Value error, ").partition("; ")
            return Flaw(at, "value", reason, mend or "correct it")
        case "too_short" if context.get("actual_length"):
            reason = f"it names only {context['actual_length']}"
            return Flaw(at, "value", reason, _MENDS[kind].format(**context))
        case "model_type" | "model_attributes_type" if not at and data is None:
            return Flaw(at, "value", "the file is empty", "begin with client: and its id")
    reason = _WORDS.get(kind, one["msg"].removeprefix("Input should be "))
    mend = _MENDS.get(kind, "correct it").format(**context)
    if kind == "int_type" and str(last).endswith("_minor"):
        mend = _MINOR
    return Flaw(at, "value", f"it should be {reason}" if reason != one["msg"] else reason, mend)


def _named(at: Location, data: Any) -> bool:
    """Whether a value was meant to name a variable, and only the name is wrong."""
    for step in at:
        data = data[step]
    return str(data).startswith("env:")


def _visible(key: str) -> str:
    return key if key.isprintable() and key == key.strip() else ascii(key)


def _meant(at: Location) -> str:
    """The key that was likely meant, or all that there are."""
    known = list(_schema_at(at[:-1]).get("properties", {}))
    key, colon, _ = str(at[-1]).partition(":")
    if colon and key in known:
        return f"put a space after {key}:"
    if key != key.strip():
        return "write it with plain spaces around it"
    close = get_close_matches(key, known, 1)
    return f"did you mean {close[0]}?" if close else "known are " + ", ".join(known)


def _example(at: Location) -> str:
    examples = _schema_at(at).get("examples")
    return f" {examples[0]}" if examples else ""


def _schema_at(at: Location) -> dict[str, Any]:
    """The schema of what stands at a place; empty where there is no such place."""
    node = _resolved(client_schema())
    for step in at:
        inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        node = _resolved(inner or {})
    return node


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference points to; of alternatives, the one that is not null."""
    for _ in range(4):
        if "$ref" in node:
            target = client_schema()["$defs"][node["$ref"].rpartition("/")[2]]
            node = target | {key: value for key, value in node.items() if key != "$ref"}
        elif "anyOf" in node:
            first = next(each for each in node["anyOf"] if each.get("type") != "null")
            node = {key: value for key, value in node.items() if key != "anyOf"} | first
    return node
