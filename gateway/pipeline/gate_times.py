"""What the gate is told of a customer's times: zones, bank holidays, and what they have said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, text, union_all

from compliance.places import Where
from compliance.regions import regions
from compliance.rules import Territory
from compliance.zones import candidates
from domain.values import ChannelKind, Invalid
from domain.windows import Kind, OwnWindow, Statement
from gateway.storage import Transaction, among
from gateway.storage.tables import own_windows

_OWN = select(
    own_windows.c.statement_id,
    own_windows.c.client,
    own_windows.c.customer_id,
    own_windows.c.channel,
    own_windows.c.address,
    own_windows.c.kind,
    own_windows.c.days,
    own_windows.c.opens,
    own_windows.c.closes,
).where(text("ended_at IS NULL"))
_SAID = union_all(
    _OWN.where(among(own_windows.c.customer_id, "people")),
    _OWN.where(
        among(own_windows.c.client, "clients"),
        among(own_windows.c.address, "addresses"),
        own_windows.c.customer_id.is_(None),
    ),
)


class OwnTimes:
    """What has been said of their times by a batch of customers."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._of_person: dict[str, list[Any]] = defaultdict(list)
        self._of_address: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in rows:
            if row.customer_id is None:
                self._of_address[row.client, row.address].append(row)
            else:
                self._of_person[row.customer_id].append(row)

    @classmethod
    async def read(
        cls, tx: Transaction, people: Sequence[str], where: dict[str, list[str]]
    ) -> "OwnTimes":
        """To be read after unread inbound messages: who has just read one has written this too."""
        return cls(await tx.fetch(_SAID, people=people, **where))

    def at(self, message: Any) -> tuple[Statement, ...] | None:
        """The statements that count at a message's address; None where one can't be read."""
        said: dict[str, list[OwnWindow]] = {}
        rows = self._of_person.get(message.customer_id, [])
        rows = rows + self._of_address.get((message.client, message.address), [])
        for row in rows:
            if row.channel in (None, message.channel) and row.address in (None, message.address):
                window = window_of(row._asdict())
                if window is None:
                    return None
                said.setdefault(row.statement_id, []).append(window)
        # In one order: the same windows are worked out once for everyone who has named them.
        statements = (tuple(sorted(windows, key=str)) for windows in said.values())
        return tuple(sorted(statements, key=repr))


def window_of(row: Mapping[str, Any]) -> OwnWindow | None:
    """None where the row holds no window."""
    try:
        return OwnWindow(
            kind=Kind(row["kind"]),
            days=tuple(row["days"].split(",")),
            opens=row["opens"],
            closes=row["closes"],
        )
    except (Invalid, ValueError):
        return None


def where_of(message: Any, person: Any, phones: Sequence[str], territory: Territory) -> Where:
    """`person` is the customer's row, None for nobody; `phones` all their numbers."""
    own = {message.address} if message.channel == ChannelKind.SMS else set()
    numbers = tuple(sorted(own | set(phones)))
    country, postal_code = (person.country, person.postcode) if person else (None, None)
    zones = candidates(
        territory,
        phones=numbers,
        postal_code=postal_code,
        country=country,
        stated=person and person.timezone,
    )
    return Where(country, postal_code, numbers, zones)


def regions_of(where: Where, territory: Territory) -> tuple[str, ...]:
    return regions(
        territory, phones=where.phones, postal_code=where.postal_code, country=where.country
    )
