"""Files into rows: what is stored, acknowledged and recorded, over both databases."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Table, select, update

from gateway.batch.acknowledgement import Acknowledgement, Counts, as_json, write_beside
from gateway.batch.findings import Unusable
from gateway.batch.placement import CHUNK, load_placement, load_placements
from gateway.clients import read_clients
from gateway.clock import instant
from gateway.storage import Store, Transaction, decode
from gateway.storage.tables import (
    accounts,
    activity,
    addresses,
    contacts,
    customers,
    files,
    holds,
)
from tests.batch.conftest import NOW
from tests.batch.files import CLIENTS, file, header, record
from tests.ledger.given import paid

EXAMPLES = Path(__file__).parents[2] / "examples"


async def load(store: Store, data: bytes) -> Acknowledgement:
    return await load_placement(store, CLIENTS.__getitem__, data)


async def rows(store: Store, table: Table) -> list[dict[str, Any]]:
    statement = select(table)

    async def work(tx: Transaction) -> list[dict[str, Any]]:
        names = [column.name for column in table.c]
        return [dict(zip(names, row, strict=True)) for row in await tx.fetch(statement)]

    found: list[dict[str, Any]] = await store.read(work)
    return found


async def recorded(store: Store) -> list[str]:
    return [event["type"] for event in await rows(store, activity)]


def codes(made: Acknowledgement) -> list[tuple[int | None, str]]:
    return [(finding.record, finding.code.value) for finding in made.errors]


async def test_a_good_file_is_stored_whole(either_store: Store) -> None:
    one = record(
        contacts__0__consent_basis="prior_express",
        contacts__0__consent_at="2026-10-28T16:20:00Z",
        customer__vulnerability_codes=["hearing"],
        account__creditor_current="Larkspur Bank",
        offers={"settlement": {"percent": 60}},
    )
    made = await load(either_store, file(one, record(2)))
    assert (made.status, made.counts.accepted, made.totals["USD"].accepted) == (
        "accepted", 2, 96000,
    )  # fmt: skip
    account = next(a for a in await rows(either_store, accounts) if a["ref"] == "A1")
    assert (account["balance_minor"], account["minimum_due_minor"], account["currency"]) == (
        48000, 4000, "USD",
    )  # fmt: skip
    assert (account["creditor"], account["due_date"]) == ("Larkspur Bank", "2026-11-02")
    assert decode(account["details"]) == {"offers": {"settlement": {"percent": 60}}}
    customer = next(c for c in await rows(either_store, customers) if c["ref"] == "C1")
    assert account["customer_id"] == customer["id"]
    assert (customer["postcode"], customer["country"], customer["timezone"]) == (
        "60614", "US", "America/Chicago",
    )  # fmt: skip
    assert decode(customer["details"])["vulnerability_codes"] == ["hearing"]
    points = [c for c in await rows(either_store, contacts) if c["customer_id"] == customer["id"]]
    assert sorted((c["rank"], c["channel"], c["address"]) for c in points) == [
        (0, "sms", "+13125550101"),
        (1, "email", "ada1@example.com"),
    ]
    assert len(await rows(either_store, addresses)) == 4
    assert await recorded(either_store) == ["file.received", "consent.captured", "file.accepted"]


async def test_the_good_records_of_a_mixed_file_are_loaded(either_store: Store) -> None:
    bad = record(2, account__balance="x", customer__timezone="Mars")
    again = record(1, account__balance="1.00", account__minimum_due=...)
    made = await load(either_store, file(record(1), bad, again, record(3)))
    assert (made.status, made.counts) == (
        "partially_accepted",
        Counts(given=4, accepted=2, rejected=2, duplicate=1),
    )
    assert codes(made) == [
        (2, "invalid_timezone"), (2, "invalid_amount"), (3, "duplicate_account"),
    ]  # fmt: skip
    assert made.totals["USD"].found is None
    assert {a["ref"] for a in await rows(either_store, accounts)} == {"A1", "A3"}
    events = await rows(either_store, activity)
    rejected = [e["payload"] for e in events if e["type"] == "record.rejected"]
    assert [decode(payload)["record"] for payload in rejected] == [2, 3]
    assert events[-1]["type"] == "file.partially_accepted"


@pytest.mark.parametrize("half", ["A\ud800B", "\udc00", "A\ud800"])
@pytest.mark.parametrize("several", [False, True])
async def test_half_a_surrogate_pair_spoils_one_record(
    either_store: Store, half: str, several: bool
) -> None:
    ones = record(1), record(2, customer__last_name=half), record(3, customer__last_name="\ufffd")
    digest = sha256(json.dumps(ones).encode()).hexdigest()
    data = file(*ones, sha256=digest)
    made = (
        (await load_placements(either_store, CLIENTS.__getitem__, b" [%s ]" % data))[0]
        if several
        else await load(either_store, data)
    )
    assert [(f.record, f.pointer) for f in made.errors] == [(2, "/records/1/customer/last_name")]
    assert "half of a surrogate pair" in made.errors[0].message
    assert (made.counts.accepted, made.totals["USD"].found) == (2, 144000)
    names = {c["ref"]: c["last_name"] for c in await rows(either_store, customers)}
    assert names == {"C1": "Byron", "C3": "\ufffd"}


async def test_a_file_that_comes_again_gets_its_first_acknowledgement(
    either_store: Store,
) -> None:
    data = file(record(), record(2, account__balance=0))
    first = await load(either_store, data)
    before = await rows(either_store, accounts)
    second = await load(either_store, data)
    assert as_json([first]) == as_json([second])
    assert await rows(either_store, accounts) == before
    assert (await recorded(either_store)).count("file.received") == 2


async def test_a_file_id_names_one_content_for_ever(either_store: Store) -> None:
    first = await load(either_store, file(record()))
    other = await load(either_store, file(record(2)))
    assert (first.status, other.status) == ("accepted", "rejected")
    assert codes(other) == [(None, "file_id_reused")]
    assert len(await rows(either_store, accounts)) == 1
    assert [f["sha256"] for f in await rows(either_store, files)] == [first.sha256]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"record_count": 2}, "/header/record_count"),
        ({"control_totals": {"USD": 48001}}, "/header/control_totals/USD"),
        ({"control_totals": {}}, "/header/control_totals/USD"),
        ({"control_totals": {"USD": 48000, "EUR": 1}}, "/header/control_totals/EUR"),
        ({"sha256": "0" * 64}, "/header/sha256"),
        ({"created_at": "2999-01-01T00:00:00Z"}, "/header/created_at"),
    ],
)
async def test_a_file_that_contradicts_its_header_is_rejected(
    store: Store, changes: dict[str, Any], pointer: str
) -> None:
    made = await load(store, file(record(), **changes))
    assert (made.status, made.counts.rejected) == ("rejected", 1)
    assert [(f.record, f.pointer) for f in made.errors] == [(None, pointer)]
    assert await rows(store, accounts) == []
    assert await recorded(store) == ["file.received", "file.rejected"]


async def test_the_digest_is_that_of_the_records_as_written(store: Store) -> None:
    records = b'[ {"not": "a record"} ]'
    head = header([], record_count=1, control_totals={"USD": 5}, sha256=sha256(records).hexdigest())
    data = b'{"header": %s, "records": %s}' % (json.dumps(head).encode(), records)
    assert codes(await load(store, data)) == [(1, "unknown_key")]


UNUSABLE = [
    (b"", "it ends too early at line 1, column 1"),
    (
        b'{\n "header": {},\n "records": [1, ]}',
        "not JSON: trailing comma in array at line 3, column 17",
    ),
    (b'{"header"\xff', "not UTF-8: byte 0xff at line 1, column 10"),
    (b"[" * 100_000, "nested too deeply"),
    (file(record()).replace(b"A1", b"A\xe9"), "not UTF-8: byte 0xe9 at line 1"),
    (b"[%s]" % file(record()).replace(b"A1", b"A\xe9"), "not UTF-8: byte 0xe9 at line 1"),
    (file(record(), file_id="f\0"), "/header/file_id: holds a control character"),
    (file(record(), file_id="f\n"), "/header/file_id: holds a control character"),
    (file(record(), file_id="A\ud800B"), "utf-16 surrogate pair at line 1, column 32"),
    (b"[]", "no placement file in it"),
    (b" [ ] ", "no placement file in it"),
    (b"{}", "/header: a required key is missing"),
    (b"[{}]", "/header: a required key is missing"),
    (b'"x"', "/: expected `object`"),
    (file(record(), client_id="nobody"), "/header/client_id: no client 'nobody'"),
    (file(record(), file_type="update"), "/header/file_type: not one of the values"),
    (file(record(), schema_version=2), "/header/schema_version"),
    (file(record(), sequence_no=0), "/header/sequence_no"),
    (file(record(), created_at="2026-11-20"), "/header/created_at"),
    (file(record(), checksum="x"), "/header/checksum: no such key"),
    (file(record())[:-1] + b', "records": {}}', "/records: expected `array`"),
]


@pytest.mark.parametrize(("data", "message"), UNUSABLE, ids=range(len(UNUSABLE)))
async def test_an_unusable_file_names_the_place(store: Store, data: bytes, message: str) -> None:
    with pytest.raises(Unusable) as raised:
        await load_placements(store, CLIENTS.__getitem__, data)
    assert message in str(raised.value)
    assert await recorded(store) == []


async def test_placing_an_account_again_updates_it(either_store: Store) -> None:
    await load(either_store, file(record()))
    before = (await rows(either_store, accounts))[0]
    await paid(either_store, before, 2500, NOW)
    await paid(either_store, before, 1000, 0)
    newer = record(1, account__balance="455.00", customer__first_name="Augusta", contacts=[])
    made = await load(either_store, file(newer, file_id="f2"))
    assert made.status == "accepted"
    (after,) = await rows(either_store, accounts)
    assert (after["id"], after["balance_minor"]) == (before["id"], 45500)
    assert after["paid_minor"] == 2500, "what was paid after the host read its balances"
    assert [c["first_name"] for c in await rows(either_store, customers)] == ["Augusta"]
    assert len(await rows(either_store, contacts)) == 2, "contacts that a file leaves out stay"


async def test_an_account_stays_with_its_customer(either_store: Store) -> None:
    await load(either_store, file(record(1)))
    thief = record(1, customer__ref="C9", account__balance="1.00", account__minimum_due=...)
    made = await load(either_store, file(thief, record(2), file_id="f2"))
    assert codes(made) == [(1, "account_of_other_customer")]
    assert made.totals["USD"].accepted == 48000
    assert {c["ref"] for c in await rows(either_store, customers)} == {"C1", "C2"}
    assert {a["balance_minor"] for a in await rows(either_store, accounts)} == {48000}


async def test_the_same_refs_at_two_clients_are_two_accounts(store: Store) -> None:
    await load(store, file(record()))
    british = record(
        account__currency="GBP", customer__address={"postal_code": "LS6 2AA", "country": "GB"}
    )
    data = file(british, client_id="severn", control_totals={"GBP": 48000})
    assert (await load(store, data)).status == "accepted"
    assert {a["client"] for a in await rows(store, accounts)} == {"acme", "severn"}


async def test_an_opt_out_by_the_host_stands_and_is_never_lifted(either_store: Store) -> None:
    out = record(contacts__0__opted_out_at="2026-10-02T18:05:00Z")
    await load(either_store, file(out))
    await load(either_store, file(record(), file_id="f2"))
    later = record(contacts__0__opted_out_at="2026-11-01T00:00:00Z")
    await load(either_store, file(later, file_id="f3"))
    (phone,) = [a for a in await rows(either_store, addresses) if a["channel"] == "sms"]
    assert phone["opted_out_at"] == instant(datetime(2026, 10, 2, 18, 5, tzinfo=UTC))
    assert phone["opt_out_method"] == "host"
    assert (await recorded(either_store)).count("consent.opted_out") == 1


async def test_an_opt_out_by_the_customer_survives_every_file(store: Store) -> None:
    await load(store, file(record()))
    statement = update(addresses).values(opted_out_at=5, opt_out_method="keyword")

    async def work(tx: Transaction) -> None:
        await tx.execute(statement)

    await store.transact("stop", work)
    await load(store, file(record(contacts__0__consent_basis="express"), file_id="f2"))
    assert {(a["opted_out_at"], a["opt_out_method"]) for a in await rows(store, addresses)} == {
        (5, "keyword")
    }


async def test_consent_is_recorded_when_it_changes_and_masked(store: Store) -> None:
    given = record(contacts__0__consent_basis="express")
    await load(store, file(given))
    await load(store, file(given, file_id="f2"))
    renewed = record(
        contacts__0__consent_basis="express", contacts__0__consent_at="2026-11-01T00:00:00Z"
    )
    await load(store, file(renewed, file_id="f3"))
    captured = [e for e in await rows(store, activity) if e["type"] == "consent.captured"]
    assert [e["masked_address"] for e in captured] == ["+13…01"] * 2


async def test_what_bars_an_address_is_lifted_by_no_omission(either_store: Store) -> None:
    barred = {"employer_provided": True, "reassigned_at": "2026-10-02T18:05:00Z"}
    await load(either_store, file(record(**{f"contacts__0__{k}": v for k, v in barred.items()})))
    await load(either_store, file(record(), file_id="f2"))

    async def kept() -> tuple[Any, ...]:
        (row,) = [c for c in await rows(either_store, contacts) if c["rank"] == 0]
        return row["employer_provided"], row["reassigned_at"]

    since = 1_790_964_300_000_000
    assert await kept() == (1, since)
    earlier = record(contacts__0__reassigned_at="2026-01-01T00:00:00Z")
    await load(either_store, file(earlier, file_id="f3"))
    assert await kept() == (1, since)
    await load(either_store, file(record(contacts__0__employer_provided=False), file_id="f4"))
    assert await kept() == (0, since)


async def test_flags_start_holds_once_and_lift_none(either_store: Store) -> None:
    flagged = record(
        flags={
            "dispute": True,
            "attorney": True,
            "hold_type": "hardship",
            "hold_until": "2027-01-15",
        }
    )
    await load(either_store, file(flagged))
    await load(either_store, file(flagged, file_id="f2"))
    await load(either_store, file(record(), file_id="f3"))
    until = instant(datetime(2027, 1, 16, 6, tzinfo=UTC))
    assert sorted(
        (h["kind"], h["scope"], h["account_id"] is None, h["until"], h["ended_at"])
        for h in await rows(either_store, holds)
    ) == [
        ("attorney", "customer", True, None, None),
        ("dispute", "account", False, None, None),
        ("hardship", "account", False, until, None),
    ]
    assert (await recorded(either_store)).count("hold.started") == 3


async def test_a_shared_phone_is_a_contact_of_both(store: Store) -> None:
    shared = [{"type": "sms", "value": "+13125550199"}]
    await load(store, file(record(1, contacts=shared), record(2, contacts=shared)))
    assert len(await rows(store, contacts)) == 2
    assert len(await rows(store, addresses)) == 1


async def test_one_customer_with_two_accounts(store: Store) -> None:
    second = record(1, account__ref="A2", contacts__0__value="+13125550150")
    assert (await load(store, file(record(1), second))).counts.accepted == 2
    assert len(await rows(store, customers)) == 1
    assert len(await rows(store, contacts)) == 3


async def test_many_chunks_are_one_file(either_store: Store) -> None:
    many = [record(number % 99, account__ref=f"A{number}") for number in range(2 * CHUNK + 7)]
    many[CHUNK]["account"]["ref"] = "A0"
    made = await load(either_store, file(*many))
    assert made.counts.accepted == 2 * CHUNK + 6
    assert codes(made) == [(CHUNK + 1, "duplicate_account")]
    assert len(await rows(either_store, accounts)) == 2 * CHUNK + 6


async def test_a_load_broken_off_is_repeated_to_the_same_end(store: Store) -> None:
    data = file(*[record(number % 99, account__ref=f"A{number}") for number in range(CHUNK + 5)])

    class Broken:
        """Loses its database after some transactions."""

        clock = staticmethod(store.clock)
        left = 2

        async def transact(self, name: str, work: Any) -> Any:
            if not self.left:
                raise ConnectionError
            self.left -= 1
            return await store.transact(name, work)

    with pytest.raises(ConnectionError):
        await load_placement(Broken(), CLIENTS.__getitem__, data)  # type: ignore[arg-type]
    assert len(await rows(store, accounts)) == CHUNK
    assert (await load(store, data)).status == "accepted"
    assert len(await rows(store, accounts)) == CHUNK + 5


async def test_the_example_is_two_good_files(store: Store) -> None:
    configs = {c.client: c for c in read_clients(sorted((EXAMPLES / "clients").glob("*.yml")))}
    data = (EXAMPLES / "placement.json").read_bytes()
    made = await load_placements(store, configs.__getitem__, data)
    assert [(one.status, one.warnings) for one in made] == [("accepted", ())] * 2
    assert sum(one.counts.accepted for one in made) == 20


def test_the_acknowledgement_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "placement.json"
    made = Acknowledgement(
        file_id="f", client_id="c", file_type="placement", schema_version=1, sequence_no=1,
        sha256="0" * 64, received_at=datetime(2026, 11, 24, tzinfo=UTC), status="accepted",
        counts=Counts(), totals={},
    )  # fmt: skip
    target = write_beside(path, [made])
    assert [p.name for p in tmp_path.iterdir()] == [target.name] == ["placement.json.ack.json"]
    assert msgspec.json.decode(target.read_bytes())["counts"]["in"] == 0
