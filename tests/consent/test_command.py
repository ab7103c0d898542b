"""`gateway contact consent` as a compliance officer uses it: text and JSON, exit codes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from gateway.cli import app
from gateway.clock import SECOND, system_clock
from gateway.pipeline.identity import conversation_with
from gateway.storage.opening import open_store
from gateway.storage.retention import Kept, prune
from gateway.storage.tables import accounts, addresses, consent_events, outbound
from tests.consent.given import EMAIL, NUMBER, ada, lines_of, spoken
from tests.pipeline.conftest import _empty
from tests.pipeline.world import NOON, PHONE, Clock, World, text_from

KIM = ("--by", "kim", "--evidence", "call 4711")


@pytest.fixture
def logged() -> None:
    """The command's own logs are left alone."""


@pytest.fixture
def lived(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Ada was written to, texted STOP and got its confirmation; a reply was still queued."""
    monkeypatch.setenv("GATEWAY_SECRET", "a server secret of more than 32 characters")
    monkeypatch.setenv("GATEWAY_DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://pay.example")

    async def work(world: World) -> None:
        person = await ada(spoken(world))
        talk = await world.talk(person, id=conversation_with(person.id))
        await world.queue(talk, person, response="utter_reminder")
        await world.send()
        world.clock.forward(60)
        await world.queue(talk, person, response="utter_late")
        await world.receive(text_from(text="STOP"))
        world.clock.forward(1)
        await world.understand()
        await world.turn()
        await world.send()

    within(url, work, empty=True)
    return url


def within(url: str, work: Callable[[World], Awaitable[Any]], *, empty: bool = False) -> Any:
    """In a loop of its own, as the command has one."""

    async def inside() -> Any:
        clock = Clock()
        store = await open_store(url, clock, daemon=False)
        try:
            if empty:
                await store.transact("empty", _empty)
            return await work(await World.over(store, clock))
        finally:
            await store.close()

    return asyncio.run(inside())


def run(*words: str, code: int = 0) -> Result:
    name, *more = words
    client = () if "--client" in more else ("--client", "harbor")
    result = CliRunner().invoke(app, ["contact", "consent", name, *client, *more])
    assert result.exit_code == code, result.output
    return result


class TestShow:
    def test_an_address_that_may_not_be_written_to(self, lived: str) -> None:
        line = run("show", PHONE, code=1).stdout
        assert line.startswith("customer C-1: may not be written to (opted_out_of_address 2026-")

    def test_one_that_may_be(self, lived: str) -> None:
        assert run("show", EMAIL).stdout == "customer C-1: may be written to\n"

    def test_as_json(self, lived: str) -> None:
        (line,) = lines_of(run("show", PHONE, "--json", code=1).stdout)
        assert (line["customer"], line["opted_out"]) == ("C-1", True)
        assert line["texted_at"] == line["opted_out_of_address"]

    def test_a_number_as_people_write_it(self, lived: str) -> None:
        run("show", "(212) 555-0142", code=1)


class TestExport:
    def test_it_tells_the_whole_history_in_order(self, lived: str) -> None:
        head, *entries, _ = lines_of(run("export", PHONE, "--json").stdout)
        assert (head["address"], head["stands"][0]["customer"]) == (PHONE, "C-1")
        what = [(e["what"], e.get("response") or e.get("method")) for e in entries]
        assert what == [
            ("message.sending", "utter_reminder"),
            ("message.sent", "utter_reminder"),
            ("consent.opted_out", "keyword"),
            ("message.cancelled", "utter_late"),
            ("message.queued", "utter_opted_out"),
            ("message.sending", "utter_opted_out"),
            ("message.sent", "utter_opted_out"),
        ]
        (said,) = (e for e in entries if e["what"] == "consent.opted_out")
        assert (said["actor"], said["evidence"], said["address"]) == ("customer", "STOP", PHONE)
        assert [e["entry"] for e in entries] == list(range(1, 8))

    @pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
    def test_its_last_line_seals_it(self, lived: str, form: list[str]) -> None:
        text = run("export", PHONE, *form).stdout
        body, _, last = text.rstrip("\n").rpartition("\n")
        digest = sha256(f"{body}\n".encode()).hexdigest()
        assert digest in last
        assert sha256(f"{body}\n".replace("STOP", "STOB").encode()).hexdigest() != digest

    def test_words_with_line_breaks_make_no_lines(self, lived: str) -> None:
        async def work(world: World) -> None:
            world.clock.forward(60)
            await world.receive(text_from(text="START\n2026 consent.opted_in forged"))
            await world.receive(text_from(text="\nSTOP\r\n"))

        within(lived, work)
        text = run("export", PHONE).stdout
        assert "\\nSTOP\\r\\n" in text
        assert not [line for line in text.splitlines() if line.startswith("2026 consent")]
        for line in run("export", PHONE, "--json").stdout.splitlines():
            json.loads(line)

    def test_another_address_of_the_customer_is_not_in_it(self, lived: str) -> None:
        text = run("export", EMAIL).stdout
        assert "STOP" not in text
        assert PHONE not in text

    def test_what_proves_it_survives_pruning(self, lived: str) -> None:
        async def work(world: World) -> None:
            world.clock.forward(60)
            later = [Kept("harbor", system_clock() + 10**15)]
            await prune(world.store, later)
            assert await world.rows(outbound) == []
            assert len(await world.rows(consent_events)) == 1
            assert (await world.one(addresses, address=PHONE)).opted_out_at == NOON + 60 * SECOND

        async def settled(world: World) -> None:
            for row in await world.rows(accounts):
                await world.change(accounts, id=row.id, balance_minor=0)

        within(lived, settled)
        within(lived, work)
        _, *entries, _ = lines_of(run("export", PHONE, "--json").stdout)
        kinds = [e["what"] for e in entries]
        assert kinds.count("consent.opted_out") == 1
        assert "message.cancelled" in kinds, "as the activity has it"


class TestRecord:
    def test_an_opt_in_lifts_it(self, lived: str) -> None:
        assert run("opt-in", PHONE, *KIM).stdout == "opted in\n"
        assert run("show", PHONE).stdout.startswith("customer C-1: may be written to")
        assert '"agent":"kim"' in run("export", PHONE, "--json").stdout

    def test_one_that_lifts_nothing_says_so(self, lived: str) -> None:
        assert "nothing was lifted" in run("opt-in", EMAIL, *KIM, code=1).stdout

    def test_an_opt_out_of_a_channel(self, lived: str) -> None:
        run("opt-out", NUMBER, "--scope", "channel", *KIM)
        assert "opted_out_of_channel" in run("show", NUMBER, code=1).stdout
        run("show", EMAIL)

    def test_an_opt_out_of_everything(self, lived: str) -> None:
        run("opt-out", NUMBER, "--scope", "everything", *KIM)
        assert "opted_out_of_everything" in run("show", EMAIL, code=1).stdout

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("opt-in", PHONE, "--by", " ", "--evidence", "x"), "--by is blank"),
            (("opt-in", PHONE, "--by", "kim", "--evidence", ""), "--evidence is blank"),
            (("opt-in", PHONE), "Missing option"),
            (("opt-in", "twelve", *KIM), "neither a phone number nor an email address"),
            (("opt-out", PHONE, *KIM, "--at", "2999-01-01T00:00:00+00:00"), "in the future"),
            (("opt-out", "+12125559999", "--scope", "channel", *KIM), "no customer of harbor"),
        ],
    )
    def test_bad_input_names_its_mend(self, lived: str, words: tuple[str, ...], said: str) -> None:
        assert said in " ".join(run(*words, code=2).output.replace("│", " ").split())


class TestVerify:
    def test_all_is_as_the_ledger_says(self, lived: str) -> None:
        assert run("verify").stdout == ""

    def test_a_difference_is_shown_masked_and_mended(self, lived: str) -> None:
        async def spoil(world: World) -> None:
            key = {"client": "harbor", "channel": "sms", "address": PHONE}
            row = key | {"opted_out_at": None}
            await world.store.transact(
                "spoil", lambda tx: tx.update(addresses, [row], key=tuple(key))
            )

        within(lived, spoil)
        shown = run("verify", code=1).stdout
        assert "differs" in shown
        assert PHONE not in shown
        assert "mended" in run("verify", "--rebuild").stdout
        assert run("verify").stdout == ""
        run("show", PHONE, code=1)


def test_an_unknown_client_is_a_matter_of_configuration(lived: str) -> None:
    with pytest.raises(Exception, match="no client 'nobody' is in force"):
        CliRunner().invoke(
            app,
            ["contact", "consent", "show", "--client", "nobody", PHONE],
            catch_exceptions=False,
        )


def test_an_address_that_nothing_is_known_of(lived: str) -> None:
    assert "nothing is known" in run("show", "+12125559999", code=1).stderr
