"""Loading a placement file: read, compare with its header, store in chunks, acknowledge."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, select

from domain.activity import Activity
from domain.values import Money
from gateway.batch.acknowledgement import Acknowledgement, Counts, Total, Verdict
from gateway.batch.checks import Placed, check, owing
from gateway.batch.findings import Code, Finding, Unusable, from_reader, malformed
from gateway.batch.format import Header, PlacementFile, read_array, read_file
from gateway.batch.halves import as_written, readable
from gateway.batch.rows import Stored, store_records
from gateway.batch.source import Source
from gateway.clients import ClientConfig
from gateway.clock import instant, moment
from gateway.ids import new_id
from gateway.storage import Store, Transaction, encode
from gateway.storage.tables import files

CHUNK = 500
SKEW = 5 * 60 * 1_000_000
"""Microseconds by which a host's clock may run ahead of ours."""

ConfigLookup = Callable[[str], ClientConfig]
"""The configuration of a client by its id; raises KeyError for one that is not known."""

_BEFORE = select(files.c.sha256, files.c.acknowledgement).where(
    files.c.client == bindparam("client"), files.c.file_id == bindparam("file_id")
)
_acknowledged = msgspec.json.Decoder(Acknowledgement).decode


async def load_placements(
    store: Store, config_lookup: ConfigLookup, data: bytes
) -> list[Acknowledgement]:
    """Loads one placement file, or each of an array of them. Raises Unusable, before anything is
    stored, where one of them can't be read."""
    loads = [_opened(part, config_lookup) for part in split(_decodable(data))]
    return [await _load(store, load) for load in loads]


async def load_placement(store: Store, config_lookup: ConfigLookup, data: bytes) -> Acknowledgement:
    """Loads one placement file. Raises Unusable.

    The same file again gets its first acknowledgement and changes nothing. Chunks are committed
    one by one, so a load that was broken off is simply repeated.
    """
    return await _load(store, _opened(_decodable(data).removeprefix(_BOM), config_lookup))


_BOM = b"\xef\xbb\xbf"


def _decodable(data: bytes) -> bytes:
    """`data`, once it is known to be UTF-8: a reader passes over strings that it doesn't read."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise Unusable(malformed(data, error)) from None
    return data


def split(data: bytes) -> list[bytes]:
    """The placement files in `data`: itself, or the elements of the array that it is."""
    data = data.removeprefix(_BOM)
    if not data.lstrip().startswith(b"["):
        return [data]
    text = readable(data)
    parts = [bytes(raw) for raw in _read(text, read_array, text, "")]
    if not parts:
        raise Unusable("no placement file in it; an array holds one or more")
    return as_written(data, data.index(b"["), parts)


T = TypeVar("T")


def _read(data: bytes, reader: Callable[[Any], T], part: Any, root: str) -> T:
    """`part` of `data` as `reader` reads it; `root` points to it."""
    try:
        return reader(part)
    except (msgspec.DecodeError, RecursionError) as error:
        finding = from_reader(error, root)
        place = f"{finding.pointer or '/'}: {finding.message}"
        raise Unusable(_unreadable(data) or place) from None


def _unreadable(data: bytes) -> str | None:
    """Why `data` is no JSON at all; a fault in the syntax goes before one of meaning."""
    try:
        msgspec.json.decode(data)
    except RecursionError:
        return "nested too deeply"
    except msgspec.DecodeError as error:
        return malformed(data, error)
    return None


@dataclass(slots=True)
class _Load:
    """One file on its way in."""

    config: ClientConfig
    header: Header
    raws: Sequence[bytes]
    digest: str
    records_digest: str
    correlation_id: str = field(default_factory=new_id)
    accepted: int = 0
    duplicates: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    whole: bool = True  # every balance could be read
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


def _opened(data: bytes, config_lookup: ConfigLookup) -> _Load:
    text = readable(data)
    file: PlacementFile = _read(text, read_file, text, "")
    array = bytes(file.records)
    parts = [bytes(raw) for raw in _read(text, read_array, file.records, "/records")]
    start = text.rindex(array)
    written = data[start : start + len(array)]
    if text is not data:
        _header_is_whole(data, start, written)
    try:
        config = config_lookup(file.header.client_id)
    except KeyError:
        raise Unusable(
            f"/header/client_id: no client {file.header.client_id!r} is configured"
        ) from None
    return _Load(
        config=config,
        header=file.header,
        raws=as_written(written, 0, parts),
        digest=sha256(data).hexdigest(),
        records_digest=sha256(written).hexdigest(),
    )


def _header_is_whole(data: bytes, start: int, records: bytes) -> None:
    """A half surrogate beside the `records` is no matter of one record. Raises Unusable."""
    blank = b"0" + re.sub(rb"[^\n]", b" ", records[1:])  # lines and columns stay as they are
    rest = data[:start] + blank + data[start + len(records) :]
    _read(rest, msgspec.json.decode, rest, "")


async def _load(store: Store, load: _Load) -> Acknowledgement:
    client, file_id = load.config.client, load.header.file_id

    async def begin(tx: Transaction) -> list[Any]:
        tx.record(_event(tx, load, "file.received", {"records": len(load.raws)}))
        return await tx.fetch(_BEFORE, client=client, file_id=file_id)

    before = await store.transact("file-received", begin)
    if before and before[0].sha256 == load.digest:
        return _acknowledged(before[0].acknowledgement)
    load.errors += _reused() if before else [*_compared(load), *_ahead(load, store.clock())]
    if not load.errors:
        for chunk in _chunks(load, store):
            await _store_chunk(store, load, chunk)
    return await _finish(store, load, keep=not before)


def _reused() -> list[Finding]:
    message = "a file of this id came before with other content; give this one its own file_id"
    return [Finding("/header/file_id", Code.FILE_ID_REUSED, message)]


def _ahead(load: _Load, now: int) -> list[Finding]:
    """Payments that settle before `created_at` count as known to the host, so it can't lie ahead:
    payments yet to come would never be taken off the balance."""
    if instant(load.header.created_at) <= now + SKEW:
        return []
    message = "lies in the future; write when the balances were read, and mend the host's clock"
    return [Finding("/header/created_at", Code.INVALID_DATE, message)]


def _compared(load: _Load) -> list[Finding]:
    """What the header says against what the file holds."""
    findings = []
    header = load.header
    for raw in load.raws:
        balance = owing(raw)
        load.whole = load.whole and balance is not None
        if balance is not None:
            load.found[balance.currency] = load.found.get(balance.currency, 0) + balance.minor
    if header.record_count != len(load.raws):
        message = f"the header says {header.record_count} records, the file has {len(load.raws)}"
        findings.append(Finding("/header/record_count", Code.RECORD_COUNT, message))
    if header.sha256 is not None and header.sha256 != load.records_digest:
        message = "not the SHA-256 of the records array as it stands in the file"
        findings.append(Finding("/header/sha256", Code.SHA256, message))
    if load.whole:
        findings += _totals_differ(header.control_totals, load.found)
    return findings


def _totals_differ(declared: dict[str, int], found: dict[str, int]) -> Iterator[Finding]:
    for currency in sorted(declared.keys() | found.keys()):
        says, has = declared.get(currency, 0), found.get(currency, 0)
        if says != has:
            message = (
                f"the header says {says} minor units of {currency}, the balances add up to {has}"
            )
            yield Finding(f"/header/control_totals/{currency}", Code.CONTROL_TOTAL, message)


def _chunks(load: _Load, store: Store) -> Iterator[list[Placed]]:
    """The good records in file order; the findings of the others are kept on the way."""
    today = moment(store.clock()).astimezone(ZoneInfo(load.config.timezone)).date()
    refs: set[str] = set()
    for start in range(0, len(load.raws), CHUNK):
        good = []
        for number, raw in enumerate(load.raws[start : start + CHUNK], start + 1):
            placed = _checked(load, raw, number, today)
            if placed is None:
                continue
            if placed.account.ref in refs:
                load.duplicates += 1
                load.errors.append(_duplicate(number))
                continue
            refs.add(placed.account.ref)
            good.append(placed)
        if good:
            yield good


def _checked(load: _Load, raw: bytes, number: int, today: date) -> Placed | None:
    result = check(raw, number, load.config, today)
    load.errors += result.errors
    load.warnings += result.warnings
    return result.placed


def _duplicate(number: int) -> Finding:
    return Finding(
        f"/records/{number - 1}/account/ref",
        Code.DUPLICATE_ACCOUNT,
        "an earlier record of this file has this account",
        number,
    )


async def _store_chunk(store: Store, load: _Load, chunk: list[Placed]) -> None:
    source = Source(load.config, instant(load.header.created_at), load.correlation_id)

    async def work(tx: Transaction) -> Stored:
        return await store_records(tx, source, chunk)

    stored: Stored = await store.transact("file-chunk", work)
    load.errors += stored.refused
    load.warnings += stored.warnings
    refused = {finding.record for finding in stored.refused}
    for placed in chunk:
        if placed.number not in refused:
            load.accepted += 1
            _add(load.taken, placed.balance)


def _add(sums: dict[str, int], amount: Money) -> None:
    sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor


async def _finish(store: Store, load: _Load, *, keep: bool) -> Acknowledgement:
    """`keep` the acknowledgement as the file's first one."""
    client, file_id = load.config.client, load.header.file_id

    async def work(tx: Transaction) -> Acknowledgement:
        made = _acknowledgement(tx, load)
        tx.record(*_rejections(tx, load))
        summary = {
            "accepted": made.counts.accepted,
            "rejected": made.counts.rejected,
            "codes": sorted({finding.code.value for finding in made.errors}),
        }
        tx.record(_event(tx, load, f"file.{made.status}", summary))
        if keep:
            row = {
                "client": client,
                "file_id": file_id,
                "sha256": load.digest,
                "received_at": tx.now,
                "acknowledgement": encode(made),
            }
            await tx.insert_new(files, [row], returning="file_id")
        return made

    made: Acknowledgement = await store.transact("file-acknowledged", work)
    return made


def _acknowledgement(tx: Transaction, load: _Load) -> Acknowledgement:
    header, rejected = load.header, len(load.raws) - load.accepted
    status: Verdict = "accepted"
    if load.errors:
        status = "partially_accepted" if load.accepted else "rejected"
    return Acknowledgement(
        file_id=header.file_id,
        client_id=header.client_id,
        file_type=header.file_type,
        schema_version=header.schema_version,
        sequence_no=header.sequence_no,
        sha256=load.digest,
        received_at=moment(tx.now),
        status=status,
        counts=Counts(len(load.raws), load.accepted, rejected, load.duplicates),
        totals={
            currency: Total(
                declared=header.control_totals.get(currency, 0),
                found=load.found.get(currency, 0) if load.whole else None,
                accepted=load.taken.get(currency, 0),
            )
            for currency in sorted(header.control_totals.keys() | load.found.keys())
        },
        errors=tuple(sorted(load.errors, key=lambda finding: finding.record or 0)),
        warnings=tuple(load.warnings),
    )


def _rejections(tx: Transaction, load: _Load) -> Iterator[Activity]:
    """One event a rejected record, with all its findings."""
    by_record: dict[int, list[Finding]] = {}
    for finding in load.errors:
        if finding.record is not None:
            by_record.setdefault(finding.record, []).append(finding)
    for number, findings in sorted(by_record.items()):
        what = [{"code": f.code.value, "pointer": f.pointer} for f in findings]
        yield _event(tx, load, "record.rejected", {"record": number, "findings": what})


def _event(tx: Transaction, load: _Load, kind: str, payload: dict[str, Any]) -> Activity:
    return Activity(
        type=kind,
        client=load.config.client,
        occurred_at=tx.now,
        actor="host",
        correlation_id=load.correlation_id,
        payload={"file_id": load.header.file_id} | payload,
    )
