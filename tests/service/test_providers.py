"""Every provider that speaks a dialect, through the whole service: its settings, its signature."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from channels.contract import RawRequest
from gateway.app import Role, Service, start
from gateway.clients import read_client
from gateway.settings import variable
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.tables import inbound, receipts
from tests.channels.dialects import DIALECTS, recorded
from tests.service.conftest import CLIENT, OURS, settings
from tests.standins.provider import Dialect

ALL = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
OTHER = "harbor"  # the name of an account


async def served(url: str, folder: Path, via: str, ours: str) -> Service:
    path = folder / "harbor.yml"
    text = CLIENT.replace(OURS, ours).replace("via: twilio", f"via: {via}")
    path.write_text(text if ours.startswith("+1") else text.replace("10dlc", "long_code"))
    store = await open_store(url)
    await store.transact("apply", lambda tx: apply_client(tx, read_client(path)))
    return await start(settings(url), Role.SERVE, store=store)


async def post(service: Service, kind: str, request: RawRequest, via: str) -> int:
    async with ClientSession() as session:
        url = f"{service.url}/hooks/{via}/{kind}"
        headers = dict(request.headers)
        async with session.post(url, data=request.body, headers=headers) as answer:
            return answer.status


@ALL
@pytest.mark.parametrize("account", [False, True], ids=["plain", "an_account"])
async def test_callbacks_are_verified_and_stored(
    dialect: Dialect,
    account: bool,
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    via = f"{dialect.name}.{OTHER}" if account else dialect.name
    for name, text in dialect.settings.items():
        monkeypatch.setenv(variable(via, name), text)
        # What another account has is no setting of this one.
        monkeypatch.setenv(variable(dialect.name if account else f"{via}.{OTHER}", name), "another")
    said = next(row for row in recorded("inbound") if row.dialect is dialect)
    told = next(row for row in recorded("status") if row.dialect is dialect)
    service = await served(sqlite_url, tmp_path, via, said.case["expected"]["sender"])
    try:
        text, status = said.request("inbound"), told.request("status")
        assert await post(service, "inbound", text, via) == 200
        assert await post(service, "status", status, via) == 200
        forged = msgspec.structs.replace(text, body=text.body.replace(b"50", b"90"))
        assert await post(service, "inbound", forged, via) == 403
        unsigned = msgspec.structs.replace(text, headers={})
        assert await post(service, "inbound", unsigned, via) in {403, 503}
        rows: Any = await asyncio.gather(
            *(service.store.read(lambda tx, t=t: tx.fetch(select(t))) for t in (inbound, receipts))
        )
    finally:
        await service.stop()
    assert [(row.via, row.text) for row in rows[0]] == [(via, said.case["expected"]["text"])]
    assert [(row.via, row.status) for row in rows[1]] == [(via, told.case["expected"]["status"])]
