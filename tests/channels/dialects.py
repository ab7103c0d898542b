"""The providers whose folder of cases says how they speak, and their recorded payloads."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from channels.contract import Channel, RawRequest
from channels.registry import open_channel
from tests.standins.provider import Dialect, signed

CASES = Path(__file__).parent / "cases"
PUBLIC = "https://gateway.example.com"


def _dialect(name: str) -> Dialect:
    made: Dialect = import_module(f"tests.channels.cases.{name}.dialect").Dialect()
    return made


DIALECTS = {path.parent.name: _dialect(path.parent.name) for path in CASES.glob("*/dialect.py")}


def hook(dialect: Dialect, kind: str = "status") -> str:
    return f"{PUBLIC}/hooks/{dialect.name}/{kind}"


def opened(dialect: Dialect, **more: str) -> Channel:
    return open_channel(dialect.name, dialect.settings | more, hook(dialect))


@dataclass(frozen=True)
class Recorded:
    """One row of a provider's table."""

    dialect: Dialect
    case: dict[str, Any]

    def request(self, kind: str) -> RawRequest:
        body = msgspec.json.encode(self.case["body"])
        return signed(self.dialect, hook(self.dialect, kind), body)

    def __str__(self) -> str:
        return f"{self.dialect.name}: {self.case['name']}"


def recorded(kind: str) -> list[Recorded]:
    """The rows of all providers' tables of that name."""
    return [
        Recorded(dialect, case)
        for name, dialect in DIALECTS.items()
        for case in msgspec.json.decode((CASES / name / f"{kind}.json").read_bytes())
    ]
