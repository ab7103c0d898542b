"""The link that lives: it is sent again as long as it does, and lives longer for it.

An account has one open link of each purpose, as a unique index says. An expired one stands in its
place until somebody notices; a revoked one does not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, text, update

from domain.links import Purpose
from gateway.clock import moment
from gateway.links.ending import expire
from gateway.links.events import of_link
from gateway.storage import Transaction, among
from gateway.storage.tables import links

OPEN = text("links.revoked_at IS NULL AND links.expired_at IS NULL")
_LIVE = select(links.c.id, links.c.account_id, links.c.purpose).where(
    among(links.c.account_id, "accounts"), OPEN, links.c.expires_at > bindparam("after")
)
_RENEW = (
    update(links)
    .where(
        among(links.c.id, "ids"),
        OPEN,
        links.c.expires_at > bindparam("after"),
        links.c.expires_at < bindparam("half"),
    )
    .values(expires_at=bindparam("until"))
    .returning(links)
)

Live = Mapping[str, Mapping[Purpose, str]]
"""The ids of the live links by account and purpose."""


async def live_links(tx: Transaction, accounts: Sequence[str]) -> dict[str, dict[Purpose, str]]:
    found: dict[str, dict[Purpose, str]] = {}
    if accounts:
        for row in await tx.fetch(_LIVE, accounts=list(accounts), after=tx.now):
            found.setdefault(row.account_id, {})[Purpose(row.purpose)] = row.id
    return found


async def mint(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
    """New links in the place of those that have expired. One that lives meanwhile is a conflict:
    the transaction fails, and its next try finds the live one."""
    if rows:
        await expire(tx, sorted({row["account_id"] for row in rows}))
        await tx.insert(links, rows)


async def renew(tx: Transaction, ids: Sequence[str], term: int) -> None:
    """Whoever is sent a live link again has the full `term` (microseconds), where less than half of
    it is left."""
    where = {"ids": sorted(ids), "after": tx.now, "half": tx.now + term // 2}
    for row in await tx.fetch(_RENEW, **where, until=tx.now + term):
        until = moment(row.expires_at).isoformat()
        tx.record(of_link(tx.now, row, "link.renewed", expires_at=until))
