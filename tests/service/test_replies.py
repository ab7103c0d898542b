"""Replies read back from the database for those who improve understanding."""

import asyncio
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from domain.ids import uuid7
from domain.understanding import Score, Understanding
from gateway.activity import replies
from gateway.cli import app
from gateway.clients import ConfigurationError
from gateway.clock import SECOND
from gateway.commands.nlu.sheet import read_sheet
from gateway.ids import new_id
from gateway.storage import encode
from gateway.storage.opening import open_store
from gateway.storage.tables import accounts, conversations, customers, inbound
from nlu.model import SHIPPED
from tests.service.test_cli import add, environment

NAME, PHONE, REFERENCE = "Zebedee", "+12125550142", "AC-77"


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["nlu", *arguments], env=environment(url))


def place(url: str, *said: tuple[str, float | None], **customer: Any) -> None:
    """One customer's replies, each with the confidence of what was understood, or not yet."""
    who, talk, account = new_id(), new_id(), new_id()
    at = {"client": "harbor", "created_at": 1, "updated_at": 1}
    person = {"id": who, "ref": REFERENCE, "first_name": NAME, **at, **customer}
    owed = {"id": account, "customer_id": who, "ref": REFERENCE, "balance_minor": 1,
            "currency": "GBP", **at}  # fmt: skip
    home = {"id": talk, "customer_id": who, "account_id": account, "channel": "sms",
            "address": PHONE, "sender": "+12025550100", **at}  # fmt: skip
    add(url, (customers, person), (accounts, owed), (conversations, home), *[
        (inbound, row(talk, text, confidence, number))
        for number, (text, confidence) in enumerate(said)
    ])  # fmt: skip


def row(talk: str, text: str, confidence: float | None, number: int) -> dict[str, Any]:
    found = confidence and Understanding("deny", confidence, (Score("deny", confidence),), "x")
    return {
        "id": uuid7(1_772_600_000_000 + number, 0), "client": "harbor",
        "channel": "sms", "via": "twilio", "provider_id": f"SM{number}",
        "sender": "+12025550100", "address": PHONE, "conversation_id": talk, "text": text,
        "received_at": (1_772_600_000 + number) * SECOND,
        "understanding": encode(found) if found else None,
    }  # fmt: skip


def newest(url: str, client: str | None = None, most: int = 100) -> list[replies.Understood]:
    async def read() -> list[replies.Understood]:
        store = await open_store(url, daemon=False)
        try:
            return [each async for each in replies.newest(store, client, most)]
        finally:
            await store.close()

    return asyncio.run(read())


def test_they_come_newest_first_by_the_page(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place(url, *[(f"t{number}", 0.3) for number in range(5)], ("not yet", None))
    for page in (1, 2, 5, 6):
        monkeypatch.setattr(replies, "PAGE", page)
        assert [each.reply.text for each in newest(url)] == ["t4", "t3", "t2", "t1", "t0"]
    assert [each.reply.text for each in newest(url, "harbor", 3)] == ["t4", "t3", "t2"]
    assert newest(url, "another") == []


def test_they_have_what_understanding_needs(sqlite_url: str) -> None:
    place(sqlite_url, ("hi", 0.3), timezone="Europe/London", language="en-GB")
    ((one),) = newest(sqlite_url)
    assert (one.reply.locale, one.reply.currency) == ("en-GB", "GBP")
    assert str(one.reply.reference.tzinfo) == "Europe/London"
    assert one.found.intent == "deny"


def test_a_zone_that_there_is_not_is_the_clients(sqlite_url: str) -> None:
    place(sqlite_url, ("hi", 0.3), timezone="Mars/Base")
    ((one),) = newest(sqlite_url)
    assert str(one.reply.reference.tzinfo) == "America/New_York"


def test_a_sheet_shows_the_words_and_nothing_else(url: str, tmp_path: Any) -> None:
    place(url, ("it was 4111 1111 1111 1111 mate", 0.3), ("all clear", 0.9), language="en-GB")
    sheet = tmp_path / "sheet.yml"
    result = run(url, "review", "--to", str(sheet), "--client", "harbor")
    assert (result.exit_code, result.stdout) == (0, "")
    written = sheet.read_text(encoding="utf-8")
    assert "it was [card number] mate" in written
    for secret in (NAME, PHONE, REFERENCE, "harbor", "4111", "all clear"):
        assert secret not in written
    assert read_sheet(written) == []
    sheet.write_text(written.replace("intents: []", "intents: [dispute]"), encoding="utf-8")
    result = run(url, "review", "--from", str(sheet))
    assert result.exit_code == 0
    assert "- intent: dispute\n" in result.stdout
    assert "- it was [card number] mate\n" in result.stdout


def test_models_are_compared_over_them(sqlite_url: str) -> None:
    place(sqlite_url, ("i want to pay", 0.3), ("stop", 0.99))
    result = run(sqlite_url, "compare", str(SHIPPED), "--json", "--newest", "1")
    assert result.exit_code == 0
    assert msgspec.json.decode(result.stdout)["replies"] == 1


@pytest.mark.parametrize("command", [("review", "--to", "x.yml"), ("compare", str(SHIPPED))])
def test_a_client_that_there_is_not(sqlite_url: str, command: tuple[str, ...]) -> None:
    place(sqlite_url, ("hi", 0.3))
    failed = run(sqlite_url, *command, "--client", "nobody").exception
    assert isinstance(failed, ConfigurationError)
    assert "harbor" in str(failed)
