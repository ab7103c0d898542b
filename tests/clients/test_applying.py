"""Clients come into force all together or not at all, as versions that stay."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from gateway.clients import BadClients, ClientConfig, ConfigurationError, read_folder
from gateway.clients.applying import Applied, apply_at_first_start, apply_clients
from gateway.directory import Directory
from gateway.storage import Store, decode
from gateway.storage.clients import all_clients, latest_versions, version_of, versions_of
from gateway.storage.opening import open_store
from gateway.storage.tables import activity, client_versions, clients, endpoints
from tests.clients.conftest import CLIENT, OURS

HOOK = "webhooks: [{url: 'https://host.example/in', secret: 'env:HOOK'}]\n"


async def rows(store: Store, table: object) -> list[object]:
    return await store.read(lambda tx: tx.fetch(select(table)))  # type: ignore[call-overload, no-any-return]


async def names(store: Store) -> list[str]:
    return [config.client for config in await store.read(all_clients)]


async def test_versions_with_author_note_and_activity(store: Store, folder: Path) -> None:
    first = await apply_clients(store, read_folder(folder), "ada", "as agreed")
    assert first == [Applied("harbor", 1, True), Applied("meridian", 1, True)]
    (folder / "harbor.yml").write_text(CLIENT + "promise: {latest_days: 7}\n" + HOOK)
    second = await apply_clients(store, read_folder(folder), "bob", "shorter")
    assert second == [Applied("harbor", 2, True), Applied("meridian", 1, False)]
    assert await apply_clients(store, read_folder(folder), "eve", "again") == [
        Applied("harbor", 2, False),
        Applied("meridian", 1, False),
    ]

    kept = await store.read(lambda tx: versions_of(tx, "harbor"))
    assert [(row.version, row.author, row.note) for row in kept] == [
        (1, "ada", "as agreed"),
        (2, "bob", "shorter"),
    ]
    assert "promise" not in decode(kept[0].config)
    assert await store.read(lambda tx: version_of(tx, "harbor", 3)) is None
    now = await store.read(latest_versions)
    assert [(row.client, row.version) for row in now] == [("harbor", 2), ("meridian", 1)]

    events = [e for e in await rows(store, activity) if e.client == "harbor"]  # type: ignore[attr-defined]
    told = [decode(event.payload) for event in events if event.type == "config.changed"]  # type: ignore[attr-defined]
    assert told == [
        {"version": 1, "author": "ada", "note": "as agreed", "changed": []},
        {"version": 2, "author": "bob", "note": "shorter", "changed": ["/promise", "/webhooks"]},
    ]
    assert [row.url for row in await rows(store, endpoints)] == ["https://host.example/in"]  # type: ignore[attr-defined]


async def test_no_secret_percent_is_told_to_the_host(store: Store, folder: Path) -> None:
    grid = "settlement: {grid: [{discount_percent: 20, floor_percent: %d}]}\n"
    for floor in (61, 67):
        (folder / "harbor.yml").write_text(CLIENT + grid % floor)
        await apply_clients(store, read_folder(folder))
    told = " ".join(event.payload for event in await rows(store, activity))  # type: ignore[attr-defined]
    assert "/settlement/grid/0/floor_percent" in told
    assert "61" not in told
    assert "67" not in told


async def test_a_sender_of_a_client_in_force_is_refused_and_nothing_changes(
    store: Store, folder: Path
) -> None:
    await apply_clients(store, read_folder(folder))
    thief = CLIENT.replace("client: harbor", "client: thief")
    (folder / "thief.yml").write_text(thief)
    (folder / "harbor.yml").unlink()
    (folder / "meridian.yml").unlink()
    good = CLIENT.replace("client: harbor", "client: good").replace(OURS, "+12125550109")
    (folder / "good.yml").write_text(good)
    before = [await rows(store, table) for table in (clients, client_versions, activity)]
    with pytest.raises(
        BadClients, match=r"sender-twice: /senders/0/address: \+12125550100 .*harbor"
    ):
        await apply_clients(store, read_folder(folder))
    assert [await rows(store, table) for table in (clients, client_versions, activity)] == before
    assert await names(store) == ["harbor", "meridian"]


async def test_a_sender_may_move_to_another_client_when_both_are_applied(
    store: Store, folder: Path
) -> None:
    await apply_clients(store, read_folder(folder))
    harbor, meridian = (folder / "harbor.yml"), (folder / "meridian.yml")
    one, other = harbor.read_text(), meridian.read_text()
    harbor.write_text(one.replace(OURS, "+12125550109"))
    meridian.write_text(other.replace("+12125550101", OURS))
    await apply_clients(store, read_folder(folder))
    directory = Directory()
    await directory.refresh(store)
    owner = directory.owner("sms", OURS)
    assert owner is not None
    assert owner[0].client == "meridian"


async def test_all_of_them_start_and_one_applies(migrated_postgres_url: str) -> None:
    """Processes that start at once with the same client files."""
    configs = read_folder(Path("examples/clients"))
    store = await open_store(migrated_postgres_url)
    try:
        applied = await asyncio.gather(*(apply_clients(store, configs) for _ in range(4)))
        assert sum(one.new for each in applied for one in each) == len(configs)
        assert await names(store) == [config.client for config in configs]
    finally:
        await store.close()


async def test_the_folder_counts_at_the_first_start_only(store: Store, folder: Path) -> None:
    await apply_at_first_start(store, folder)
    assert await names(store) == ["harbor", "meridian"]
    (folder / "harbor.yml").write_text(CLIENT.replace("Harbor Recovery", "Another"))
    (folder / "new.yml").write_text(
        CLIENT.replace("client: harbor", "client: new").replace(OURS, "+12125550109")
    )
    with capture_logs() as logged:
        await apply_at_first_start(store, folder)
    assert await names(store) == ["harbor", "meridian"]
    told = [(entry["event"], entry.get("client")) for entry in logged]
    assert told == [("clients.not_applied", "harbor"), ("clients.not_applied", "new")]
    assert all("gateway clients apply" in entry["mend"] for entry in logged)


async def test_a_broken_folder_stops_the_first_start_and_no_later_one(
    store: Store, folder: Path
) -> None:
    good = (folder / "harbor.yml").read_text()
    (folder / "harbor.yml").write_text(good + "colour: blue\n")
    with pytest.raises(ConfigurationError, match="unknown-key"):
        await apply_at_first_start(store, folder)
    assert await names(store) == []
    (folder / "harbor.yml").write_text(good)
    await apply_at_first_start(store, folder)
    (folder / "harbor.yml").write_text("a: [")
    with capture_logs() as logged:
        await apply_at_first_start(store, folder)
    assert [entry["event"] for entry in logged] == ["clients.folder_not_read"]
    assert await names(store) == ["harbor", "meridian"]


class TestDirectory:
    async def test_it_follows_and_what_was_asked_for_stays(
        self, store: Store, folder: Path
    ) -> None:
        await apply_clients(store, read_folder(folder))
        directory = Directory()
        assert await directory.refresh(store)
        assert not await directory.refresh(store)
        held = directory.client("harbor")
        unchanged = directory.client("meridian")
        (folder / "harbor.yml").write_text(CLIENT.replace("Harbor Recovery", "Another"))
        await apply_clients(store, read_folder(folder))
        prepared: list[ClientConfig] = []

        async def prepare(config: ClientConfig) -> None:
            assert directory.client("harbor") is held, "not seen before it is prepared"
            prepared.append(config)

        assert await directory.refresh(store, prepare)
        assert held.brand.name == "Harbor Recovery"
        assert directory.client("harbor").brand.name == "Another"
        assert (directory.version("harbor"), directory.version("meridian")) == (2, 1)
        assert directory.client("meridian") is unchanged, "only what changed is read"
        assert [config.client for config in prepared] == ["harbor"]

    async def test_a_version_of_another_release_leaves_the_one_before(
        self, store: Store, folder: Path
    ) -> None:
        await apply_clients(store, read_folder(folder))
        directory = Directory()
        await directory.refresh(store)
        later = {
            "client": "harbor",
            "config": json.dumps({"client": "harbor", "x": 1}),
            "version": 9,
        }
        await store.transact("later", lambda tx: tx.update(clients, [later], key=("client",)))
        with capture_logs() as logged:
            assert await directory.refresh(store)
            assert not await directory.refresh(store)
        assert [entry["event"] for entry in logged] == ["clients.version_not_read"]
        assert directory.client("harbor").brand.name == "Harbor Recovery"
        with pytest.raises(ConfigurationError, match=r"client harbor, version 9: .*apply"):
            await Directory().refresh(store)
