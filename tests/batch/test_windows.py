"""Times that a host says its customers have named, over both databases."""

from typing import Any

import pytest

from gateway.storage import Store, decode
from gateway.storage.tables import activity, own_windows
from tests.batch.files import file, record
from tests.batch.test_placement import codes, load, rows

EVENING = {"kind": "only", "opens": "18:00"}
NOT_SUNDAYS = {"kind": "never", "days": ["sun"]}
ALL = "mon,tue,wed,thu,fri,sat,sun"


async def live(store: Store) -> list[tuple[Any, ...]]:
    kept = [row for row in await rows(store, own_windows) if row["ended_at"] is None]
    columns = ("kind", "days", "opens", "closes", "channel", "address", "source")
    return sorted((tuple(row[name] for name in columns) for row in kept), key=str)


async def updates(store: Store) -> list[dict[str, Any]]:
    return [row for row in await rows(store, activity) if row["type"] == "preference.updated"]


async def test_windows_are_stored_for_the_customer_and_for_an_address(either_store: Store) -> None:
    made = await load(
        either_store,
        file(
            record(
                customer__windows=[EVENING, NOT_SUNDAYS],
                contacts__1__windows=[{"kind": "never", "opens": "21:00", "closes": "09:00"}],
            )
        ),
    )
    assert made.status == "accepted"
    assert await live(either_store) == [
        ("never", ALL, 0, 540, "email", "ada1@example.com", "host"),
        ("never", ALL, 1260, 1440, "email", "ada1@example.com", "host"),
        ("never", "sun", 0, 1440, None, None, "host"),
        ("only", ALL, 1080, 1440, None, None, "host"),
    ]
    told = await updates(either_store)
    assert [row["actor"] for row in told] == ["host"]
    assert {"kind": "only", "days": ALL.split(","), "opens": "18:00", "closes": "24:00"} in decode(
        told[0]["payload"]
    )["times"]


async def test_a_record_states_them_whole_and_the_same_again_is_no_news(
    either_store: Store,
) -> None:
    first = record(customer__windows=[EVENING, NOT_SUNDAYS])
    await load(either_store, file(first, file_id="F1"))
    await load(either_store, file(first, file_id="F2"))
    assert len(await rows(either_store, own_windows)) == 2
    await load(either_store, file(record(customer__windows=[NOT_SUNDAYS]), file_id="F3"))
    assert [row[0] for row in await live(either_store)] == ["never"]
    await load(either_store, file(record(), file_id="F4"))
    assert await live(either_store) == []
    told = await updates(either_store)
    assert len(told) == 3


async def test_what_the_customer_has_said_stays(either_store: Store) -> None:
    await load(either_store, file(record(customer__windows=[EVENING]), file_id="F1"))
    [kept] = await rows(either_store, own_windows)
    own = kept | {"id": kept["statement_id"], "source": "customer"}
    await either_store.transact("say", lambda tx: tx.insert(own_windows, [own]))
    await load(either_store, file(record(), file_id="F2"))
    assert [row[-1] for row in await live(either_store)] == ["customer"]


BAD: list[tuple[Any, str, str]] = [
    ([{"kind": "sometimes"}], "/kind", "invalid_value"),
    ([{}], "/kind", "missing"),
    ([{"kind": "only", "opens": "24:00"}], "/opens", "invalid_value"),
    ([{"kind": "only", "opens": "8:00"}], "/opens", "invalid_value"),
    ([{"kind": "only", "closes": "24:01"}], "/closes", "invalid_value"),
    ([{"kind": "only", "closes": "18:00\n"}], "/closes", "invalid_value"),
    ([{"kind": "only", "days": ["someday"]}], "/days/0", "invalid_value"),
    ([{"kind": "only", "zone": "UTC"}], "/zone", "unknown_key"),
]


@pytest.mark.parametrize(("given", "place", "code"), BAD)
async def test_a_window_that_is_none_is_named(
    either_store: Store, given: Any, place: str, code: str
) -> None:
    made = await load(either_store, file(record(customer__windows=given), record(2)))
    assert codes(made) == [(1, code)]
    assert made.errors[0].pointer == f"/records/0/customer/windows/0{place}"


@pytest.mark.parametrize("given", [[{"kind": "only", "days": []}], [EVENING] * 21, "evenings"])
async def test_windows_of_no_length_that_is_allowed(either_store: Store, given: Any) -> None:
    made = await load(either_store, file(record(customer__windows=given)))
    assert made.counts.rejected == 1
