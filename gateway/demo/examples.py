"""The made-up clients and customers of the demo, with their dates moved to suit its today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from gateway.batch.checks import Placed, check
from gateway.clients import ClientConfig, ConfigurationError, read_clients

PLACES = (Path(__file__).parent / "examples", Path(__file__).parents[2] / "examples")
"""In an installed package, and in a checkout."""

DAYS = frozenset({"due_date", "opened_on", "last_payment_on", "hold_until"})
INSTANTS = frozenset({"created_at", "consent_at", "reassigned_check_at", "opted_out_at"})


@dataclass(frozen=True, slots=True)
class Examples:
    """`placement` is an array of placement files, as parsed JSON."""

    configs: Sequence[ClientConfig]
    placement: list[dict[str, Any]]

    def config(self, client: str) -> ClientConfig:
        """Raises ConfigurationError."""
        for config in self.configs:
            if config.client == client:
                return config
        known = ", ".join(config.client for config in self.configs)
        raise ConfigurationError(f"the demo has no client {client!r}; choose one of {known}")

    def placed(self, ref: str) -> tuple[ClientConfig, Placed]:
        """The record of a customer, as loading will read it."""
        for file in self.placement:
            config = self.config(file["header"]["client_id"])
            for number, record in enumerate(file["records"], 1):
                if record["customer"]["ref"] == ref:
                    read = check(msgspec.json.encode(record), number, config, date.max)
                    if read.placed is not None:
                        return config, read.placed
        raise ConfigurationError(f"examples/placement.json has no good record of {ref}")

    def days_to(self, today: date) -> int:
        """How many days the files have to be moved to have been written today."""
        written = datetime.fromisoformat(self.placement[0]["header"]["created_at"])
        return (today - written.date()).days

    def data(self, days: int) -> bytes:
        """The files' bytes with all dates but birthdays moved."""
        return msgspec.json.encode(_moved(self.placement, timedelta(days=days)))


def read_examples() -> Examples:
    """Raises ConfigurationError where the examples were not installed or were broken."""
    folder = next((place for place in PLACES if (place / "placement.json").exists()), None)
    if folder is None:
        raise ConfigurationError("examples/placement.json is missing; run the demo from a checkout")
    try:
        placement = msgspec.json.decode((folder / "placement.json").read_bytes())
    except msgspec.DecodeError as error:
        raise ConfigurationError(f"{folder / 'placement.json'}: {error}") from None
    return Examples(read_clients(sorted((folder / "clients").glob("*.yml"))), placement)


def _moved(value: Any, by: timedelta, key: str = "") -> Any:
    match value:
        case dict():
            return {name: _moved(inner, by, name) for name, inner in value.items()}
        case list():
            return [_moved(inner, by) for inner in value]
        case str() if key in DAYS:
            return (date.fromisoformat(value) + by).isoformat()
        case str() if key in INSTANTS:
            return (datetime.fromisoformat(value) + by).isoformat()
    return value
