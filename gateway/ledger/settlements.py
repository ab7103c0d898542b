"""Settlements whose money is in: what is left of the balance is asked for no more."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlalchemy import select

from domain.activity import Activity
from domain.ledger import Ledger
from domain.settlement import SettlementRules, State
from gateway.clients import ClientConfig
from gateway.ledger.following import event_of
from gateway.options.past import Agreed, agreement_of
from gateway.storage import Transaction, among
from gateway.storage.tables import settlements

_OF_ACCOUNTS = select(settlements).where(among(settlements.c.account_id, "ids"))


async def settled(
    tx: Transaction,
    accounts: Collection[str],
    ledgers: tuple[Ledger, Ledger],
    config: ClientConfig,
    about: Activity,
) -> frozenset[str]:
    """The accounts that are settled by now, of which the host hears once; `ledgers` are those
    before and after what was heard."""
    found = await tx.fetch(_OF_ACCOUNTS, ids=sorted(accounts))
    if not found:
        return frozenset()
    rules = config.settlement.rules if config.settlement else SettlementRules()
    zone = ZoneInfo(config.timezone)
    done = set()
    for row in found:
        before, after = (
            Agreed(agreement_of(row), ledger.credits(row.account_id)).state(tx.now, rules, zone)
            for ledger in ledgers
        )
        if after is not State.SETTLED:
            continue
        done.add(row.account_id)
        if before is not State.SETTLED:
            tx.record(event_of(about, "settlement.completed", {"settlement_id": row.id}))
    return frozenset(done)
