"""Endpoints follow the client's file; operators see and switch them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs
from typer.testing import CliRunner

from gateway.clients import ClientConfig
from gateway.commands.webhooks import app
from gateway.ids import new_id
from gateway.outcomes.endpoints import disable, endpoints_at_hand, sync, warn_of_secrets
from gateway.storage import Store
from tests.outcomes.given import happen
from tests.outcomes.host import Host, status, well

ONE = {"url": "https://one.example/in?token=x", "secret": "env:ONE"}
TWO = {"url": "https://two.example/in", "secret": "env:TWO", "types": ["promise.kept"]}


def config(*webhooks: dict[str, Any]) -> ClientConfig:
    return ClientConfig.model_validate(
        {
            "client": "acme",
            "brand": {"name": "Acme"},
            "jurisdictions": ["US"],
            "locales": ["en-US"],
            "currency": "USD",
            "timezone": "America/New_York",
            "pack": "collections-us",
            "senders": [{"channel": "sms", "address": "+12025550100", "via": "simulator"}],
            "webhooks": webhooks,
        }
    )


async def brought(store: Store, *webhooks: dict[str, Any]) -> list[Any]:
    await store.transact("sync", lambda tx: sync(tx, config(*webhooks)))
    rows: list[Any] = await store.read(endpoints_at_hand)
    return rows


async def test_new_changed_removed_and_named_again(store: Store) -> None:
    first = await brought(store, ONE, TWO)
    assert [(row.url, row.secret, row.disabled_at) for row in first] == [
        (ONE["url"], "env:ONE", None),
        (TWO["url"], "env:TWO", None),
    ]
    again = await brought(store, ONE | {"secret": "env:NEW"}, TWO)
    assert [row.id for row in again] == [row.id for row in first]
    assert again[0].secret == "env:NEW"
    await happen(store, [new_id()])
    gone = await brought(store, TWO)
    assert gone[0].disabled_at is not None
    assert "client's file" in gone[0].error
    assert (gone[0].waiting, gone[0].oldest) == (1, 1)
    back = await brought(store, ONE, TWO)
    assert [row.disabled_at for row in back] == [None, None]
    assert back[0].id == first[0].id


async def test_what_an_operator_disabled_stays_so(store: Store) -> None:
    [row] = await brought(store, ONE)
    await store.transact("disable", lambda tx: disable(tx, row.id, "maintenance"))
    [after] = await brought(store, ONE)
    assert after.error == "maintenance"
    assert after.disabled_at is not None


@pytest.fixture
def environ(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_SECRET", "x" * 32)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "http://localhost:8080")
    monkeypatch.setenv("GATEWAY_WEBHOOK_NETWORKS", "127.0.0.0/8")


async def run(*arguments: str) -> tuple[int, Any]:
    """The exit code and the JSON that a command printed, run beside the test's own loop."""
    import asyncio

    result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    lines = [msgspec.json.decode(line) for line in result.stdout.splitlines()]
    return result.exit_code, lines


async def test_the_command(store: Store, environ: None, host: Host, host_url: str) -> None:
    [row] = await brought(store, {"url": f"{host_url}/?token=x", "secret": "env:HOOK"})
    await happen(store, [new_id()] * 3)
    expected = {
        "endpoint": row.id,
        "client": "acme",
        "url": f"{host_url}/",
        "types": None,
        "state": "enabled",
        "failures": 0,
        "error": None,
        "waiting": 3,
        "oldest": 1,
    }
    assert await run("list") == (0, [expected])
    assert await run("disable", row.id) == (0, [])
    _, [listed] = await run("list")
    assert (listed["state"], listed["error"]) == ("disabled", "disabled by an operator")
    assert await run("enable", row.id) == (0, [])
    assert (await run("list"))[1] == [expected]
    made = {"endpoint": row.id, "from": 2, "made": 2}
    assert await run("replay", row.id, "--from", "2") == (0, [made])
    for arguments in (("enable", new_id()), ("replay", row.id, "--from", "0"), ("replay", row.id)):
        assert (await run(*arguments))[0] == 2


async def test_the_test_command(
    store: Store, environ: None, host: Host, host_url: str, secret: str
) -> None:
    from standardwebhooks import Webhook

    [row] = await brought(store, {"url": host_url, "secret": "env:HOOK"})
    assert await run("test", row.id) == (0, [{"endpoint": row.id, "status": 204, "error": None}])
    [call] = host.calls
    event = Webhook(secret).verify(call.raw, call.headers)
    assert event["event_type"] == "webhook.test"
    documented = Path("docs/webhooks.md").read_text().split("```json\n")[1].split("\n```")[0]
    assert event.keys() == msgspec.json.decode(documented).keys()
    host.answer = status(403)
    code, [found] = await run("test", row.id)
    assert (code, found["status"]) == (1, 403)
    host.answer = well
    assert (await store.read(endpoints_at_hand))[0].waiting == 0


async def test_secrets_that_sign_nothing_are_told_at_start(
    store: Store, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    three, four = ({"url": f"https://{n}.example", "secret": f"env:{n}"} for n in ("THREE", "FOUR"))
    monkeypatch.delenv("ONE", raising=False)
    monkeypatch.setenv("TWO", "whsec_hunter2")
    monkeypatch.setenv("THREE", secret)
    monkeypatch.delenv("FOUR", raising=False)
    await brought(store, four)
    ids = {row.secret: row.id for row in await brought(store, ONE, TWO, three)}
    with capture_logs() as logged:
        await warn_of_secrets(store)
    told = {(line["log_level"], line["variable"], line["endpoint"]) for line in logged}
    assert told == {("warning", "ONE", ids["env:ONE"]), ("warning", "TWO", ids["env:TWO"])}
    assert len(logged) == 2
    assert "hunter2" not in str(logged)
    assert "token=x" not in str(logged)
