"""Stored versions of clients as people and programs read them."""

from datetime import datetime
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from gateway.clock import moment
from gateway.storage import decode


def as_row(row: Any, *, whole: bool) -> dict[str, Any]:
    """A version as JSON; `whole`: with the configuration."""
    made = {
        "client": row.client,
        "version": row.version,
        "applied_at": _when(row).isoformat(),
        "author": row.author,
        "note": row.note,
    }
    return made | {"config": decode(row.config)} if whole else made


def as_line(row: Any) -> str:
    at = f"{_when(row):%Y-%m-%d %H:%M}Z"
    return f"{row.client}  {row.version}  {at}  {_line(row.author)}: {_line(row.note)}"


def as_file(row: Any) -> str:
    """The YAML of a version, which `apply` takes; who applied it stands in comments above."""
    text = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.dump(decode(row.config), text)
    head = (
        f"# Version {row.version}, applied {_when(row):%Y-%m-%d %H:%M} UTC by {_line(row.author)}"
    )
    return f"{head}\n# {_line(row.note)}\n{text.getvalue()}"


def _when(row: Any) -> datetime:
    return moment(row.applied_at)


def _line(text: str) -> str:
    """On one line, whatever was typed: a comment must not become a key."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
