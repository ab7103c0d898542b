"""Checked records into rows: one transaction a chunk, a fixed number of statements each."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from domain.ledger import HostBalance
from gateway.batch.checks import Placed
from gateway.batch.consent import concern_us, opt_outs_told, warnings_of
from gateway.batch.contacts import store_addresses, store_contacts
from gateway.batch.findings import Code, Finding
from gateway.batch.holds import starts_of
from gateway.batch.source import At, Source, details
from gateway.batch.windows import store_windows
from gateway.holds.paid import end_paid, owed, paid_starts
from gateway.holds.starting import By, Start, cancel_held, endings_by, write_holds
from gateway.ids import new_id
from gateway.ledger.movements import known_since_of
from gateway.sequences.starting import mark
from gateway.sequences.stopping import Ending, by_opt_outs, end_runs, lock_runs
from gateway.storage import Transaction, among
from gateway.storage.tables import accounts, clients, customers

_LOCK = select(clients.c.client).where(clients.c.client == bindparam("client")).with_for_update()
_CUSTOMERS = select(customers.c.ref, customers.c.id).where(
    customers.c.client == bindparam("client"), among(customers.c.ref, "refs")
)
_ACCOUNTS = (
    select(accounts.c.ref, accounts.c.id, customers.c.ref.label("customer_ref"))
    .join(customers, customers.c.id == accounts.c.customer_id)
    .where(accounts.c.client == bindparam("client"), among(accounts.c.ref, "refs"))
)
_LOCKED = (
    select(accounts.c.id, accounts.c.balance_at)
    .where(among(accounts.c.id, "ids"))
    .order_by(accounts.c.id)
    .with_for_update()
)


class Stored(NamedTuple):
    """The findings of records whose account is someone else's, and warnings about the others."""

    refused: list[Finding]
    warnings: list[Finding]


async def store_records(tx: Transaction, source: Source, records: Sequence[Placed]) -> Stored:
    """Writes what may be written.

    Loads of one client follow one another; nothing that the gateway keeps itself, such as an
    opt-out, a hold or a payment, is undone by a file.
    """
    client = source.config.client
    await tx.fetch(_LOCK, client=client)
    refs = [placed.account.ref for placed in records]
    known = {row.ref: row for row in await tx.fetch(_ACCOUNTS, client=client, refs=refs)}
    findings = [
        _foreign(placed)
        for placed in records
        if placed.account.ref in known
        and known[placed.account.ref].customer_ref != placed.customer.ref
    ]
    refused = {finding.record for finding in findings}
    good = [placed for placed in records if placed.number not in refused]
    ids, changed = await _customers(tx, source, good)
    at = [
        At(
            placed,
            ids[placed.customer.ref],
            known[placed.account.ref].id if placed.account.ref in known else new_id(),
        )
        for placed in good
    ]
    await _accounts(tx, source, at, {row.id for row in known.values()})
    told = await opt_outs_told(tx, source, at)
    debts = await owed(tx, {each.account_id for each in at})
    starts = starts_of(source, at, tx.now)
    correlation = {"correlation_id": source.correlation_id}
    starts += paid_starts(source.config, debts, By.HOST, **correlation)
    await _stop(tx, [*await by_opt_outs(tx, concern_us(told)), *endings_by(starts)], starts)
    await store_contacts(tx, source, at)
    await store_addresses(tx, source, at, told)
    await write_holds(tx, starts)
    await end_paid(tx, debts, By.HOST)
    await tx.update(customers, changed)
    await store_windows(tx, source, at)
    stated = sorted(each.account_id for each in at if each.placed.account.ref in known)
    await mark(tx, source.config, sorted({each.account_id for each in at} - set(stated)), stated)
    return Stored(findings, await warnings_of(tx, source, at))


async def _stop(tx: Transaction, endings: Sequence[Ending], starts: Sequence[Start]) -> None:
    """Ends runs of sequences, and cancels what waits to be sent, by what these records tell;
    before any address is locked."""
    runs = await lock_runs(tx, endings)
    await cancel_held(tx, starts)
    await end_runs(tx, runs, endings)


def _foreign(placed: Placed) -> Finding:
    return Finding(
        f"/records/{placed.number - 1}/account/ref",
        Code.OTHER_CUSTOMER,
        "this account was placed with another customer",
        placed.number,
    )


async def _customers(
    tx: Transaction, source: Source, records: Sequence[Placed]
) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The customers' ids by ref; where a chunk names one twice, the later record counts. New ones
    are inserted; the changes of the others are given back, since their rows are locked last."""
    last = {placed.customer.ref: placed for placed in records}
    client = source.config.client
    found = await tx.fetch(_CUSTOMERS, client=client, refs=list(last))
    ids = {row.ref: row.id for row in found}
    changed = [
        _customer(tx, placed) | {"id": ids[ref]} for ref, placed in last.items() if ref in ids
    ]
    new = [
        _customer(tx, placed) | {"id": new_id(), "client": client, "ref": ref, "created_at": tx.now}
        for ref, placed in last.items()
        if ref not in ids
    ]
    await tx.insert(customers, new)
    return ids | {row["ref"]: row["id"] for row in new}, changed


def _customer(tx: Transaction, placed: Placed) -> dict[str, Any]:
    part = placed.customer
    return {
        "first_name": part.first_name,
        "last_name": part.last_name,
        "date_of_birth": _day(part.date_of_birth),
        "postcode": placed.postal_code,
        "country": placed.country,
        "timezone": part.timezone,
        "language": part.language,
        "details": details(
            jurisdiction=part.jurisdiction,
            vulnerability_codes=part.vulnerability_codes,
            lines=part.address.lines,
            city=part.address.city,
            region=part.address.region,
        ),
        "updated_at": tx.now,
    }


async def _accounts(
    tx: Transaction, source: Source, records: Sequence[At], known: set[str]
) -> None:
    """The host's figures count as of when it read them. Those of an older file than the one in
    force are no news, and leave the amounts as they are."""
    read_at = min(source.created_at, tx.now)  # the host's clock may run ahead a little
    old = sorted(at.account_id for at in records if at.account_id in known)
    locked = {row.id: row.balance_at for row in await tx.fetch(_LOCKED, ids=old)} if old else {}
    fresh = [at for at in records if locked.get(at.account_id, 0) <= read_at]
    said = {
        at.account_id: HostBalance(at.account_id, read_at, at.account_id, at.placed.balance)
        for at in fresh
        if at.account_id in known
    }
    paid = await known_since_of(tx, said)
    changed, stale, new = [], [], []
    for at in records:
        row = _account(tx, at.placed) | {"id": at.account_id}
        if at.account_id not in known:
            own: dict[str, Any] = {"client": source.config.client, "customer_id": at.customer_id}
            own |= {"ref": at.placed.account.ref, "created_at": tx.now}
            new.append(row | _amounts(at.placed, read_at) | own)
        elif at.account_id in said:
            since = {"paid_minor": paid.get(at.account_id, 0)}
            changed.append(row | _amounts(at.placed, read_at) | since)
        else:
            stale.append(row)
    await tx.update(accounts, changed)
    await tx.update(accounts, stale)
    await tx.insert(accounts, new)


def _amounts(placed: Placed, read_at: int) -> dict[str, Any]:
    return {
        "balance_minor": placed.balance.minor,
        "balance_at": read_at,
        "minimum_due_minor": placed.minimum_due and placed.minimum_due.minor,
        "arrears_minor": placed.arrears and placed.arrears.minor,
        "currency": placed.balance.currency,
        "due_date": _day(placed.account.due_date),
    }


def _account(tx: Transaction, placed: Placed) -> dict[str, Any]:
    part = placed.account
    return {
        "creditor": part.creditor_current or part.creditor_original,
        "product": part.product,
        "segment": part.segment,
        "details": details(
            creditor_original=part.creditor_original,
            first_party=part.first_party,
            opened_on=part.opened_on,
            last_payment_on=part.last_payment_on,
            offers=placed.offers,
        ),
        "updated_at": tx.now,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
