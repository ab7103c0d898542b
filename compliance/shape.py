"""The shape of a pack's file, made of the terms of the rules."""

from datetime import date
from typing import Annotated, Any, Union

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, structs

from compliance.pack import KINDS, Amendment, Area
from compliance.rules import Terms, Territory
from compliance.strictness import IDENTITY

STRICT: dict[str, Any] = {
    "frozen": True,
    "kw_only": True,
    "forbid_unknown_fields": True,
    "rename": {"since": "from"},
}


def _amending(kind: type[Terms]) -> type[Struct]:
    """A version of an overlay's rule: what it says of itself, and any of the parameters."""
    fields: list[Any] = []
    for each in structs.fields(kind):
        if each.name not in IDENTITY:
            fields.append((each.name, Union[each.type, UnsetType], UNSET))  # noqa: UP007
        elif each.required:
            fields.append((each.name, each.type))
        else:
            fields.append((each.name, each.type, each.default))
    return defstruct(f"Amending{kind.__name__}", fields, **STRICT)


def _versions(shape: type[Struct]) -> Any:
    return Annotated[tuple[shape, ...], Meta(min_length=1)]  # type: ignore[valid-type]


_RULES = defstruct("Rules", [(name, _versions(kind)) for name, kind in KINDS.items()], **STRICT)
_OVERLAY_RULES = defstruct(
    "OverlayRules",
    [(name, _versions(_amending(kind)), ()) for name, kind in KINDS.items()],
    **STRICT,
)
_OVERLAY = defstruct("Overlay", [("area", Area), ("rules", _OVERLAY_RULES)], **STRICT)

PACK_FILE = defstruct(
    "PackFile",
    [
        ("jurisdiction", Annotated[str, Meta(pattern=r"^([A-Z]{2}|\*)$")]),
        ("version", Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,23}$")]),
        ("since", date),
        ("territory", Territory | None, None),
        ("rules", _RULES),
        ("overlays", tuple[_OVERLAY, ...], ()),  # type: ignore[valid-type]
    ],
    **STRICT,
)
"""A pack as its file states it."""


def amendments(rules: Any) -> tuple[Amendment, ...]:
    """An overlay's rules in the order of the gate's table."""
    return tuple(_amendment(name, version) for name in KINDS for version in getattr(rules, name))


def _amendment(rule: str, version: Any) -> Amendment:
    stated = {name: getattr(version, name) for name in version.__struct_fields__}
    changes = {
        name: value for name, value in stated.items() if name not in IDENTITY and value is not UNSET
    }
    return Amendment(rule=rule, changes=changes, **{name: stated[name] for name in IDENTITY})


def base_rules(rules: Any) -> dict[str, tuple[Terms, ...]]:
    """The versions of each rule as the file has them."""
    return {name: getattr(rules, name) for name in KINDS}
