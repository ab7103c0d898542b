"""The terminal phone, and conversations saved as tests."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.loader import SHIPPED, load_shipped
from dialogs.pack import Pack
from dialogs.scripts.outside import CLOSED
from dialogs.scripts.player import Player
from dialogs.scripts.reading import read_text
from dialogs.scripts.saving import HEAD, as_case, quoted
from dialogs.scripts.settings import standard
from domain.values import ChannelKind
from gateway.dialogs.chat import LONGEST, Chat
from gateway.dialogs.outside import outside

PACKS = {name: load_shipped(name) for name in ("collections-us", "collections-uk")}
OUTSIDE = {name: outside(SHIPPED / name) for name in PACKS}


@pytest.fixture
def phone(us: Pack) -> Chat:
    return Chat(us, standard(us), CLOSED)


def typed(phone: Chat, *lines: str) -> list[str]:
    return [shown for line in lines for shown in phone.say(line)]


def test_replies_are_shown_as_they_arrive(phone: Chat) -> None:
    (reply,) = typed(phone, "/greeting")
    assert reply.startswith("< Hello. How can we help?")
    assert typed(phone, "/thanks\n", "/affirm{text: ok}") == [
        "< You are welcome. Harbor Recovery, debt collector. Reply STOP to opt out",
        "  (no message)",
    ]


def test_the_link_is_shown_and_is_no_secret(phone: Chat) -> None:
    assert "https://pay.example/p/…" in "".join(typed(phone, "/pay_now"))


def test_time_channel_money_and_proof(phone: Chat) -> None:
    shown = typed(phone, "/promise_to_pay{amount: 50, date: P4D}", "/affirm", ":advance P1D")
    assert any("A reminder" in line for line in shown)
    assert "  (Tue 24 Nov 09:00)" in shown
    assert shown[-1] == "  (Tue 24 Nov 2026 10:00, sms)"
    assert "email" in typed(phone, ":channel email")[0]
    assert phone.world.channel is ChannelKind.SMS, "the next words go by it, and nothing before"
    typed(phone, "/greeting")
    assert phone.world.channel is ChannelKind.EMAIL
    assert "received your payment" in "".join(typed(phone, ":pay 50"))
    assert "did not go through" in "".join(typed(phone, ":decline 12.50"))
    typed(phone, ":verify")
    assert "$382.19" in "".join(typed(phone, "/balance_query"))
    assert "  balance: 382.19 USD" in typed(phone, ":state")


def test_a_trace_says_why_until_it_is_put_off(phone: Chat) -> None:
    assert typed(phone, ":trace") == ["  (trace on)"]
    assert any("flow greeting starts" in line for line in typed(phone, "/greeting"))
    assert typed(phone, ":trace")[-1] == "  (trace off)"
    assert not any("starts" in line for line in typed(phone, "/greeting"))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (":advance tomorrow", "write P2D"), (":advance", "write P2D"), (":channel fax", "sms"),
        (":pay", "is no amount"), (":pay -5", "above nothing"), (":pay 1.234", "is no amount"),
        (":campaign gone", "reminder"), (":receipt delivered", "no message waits"),
        (":receipt lost", "delivered"), (":receipt failed tired", "bad_address"),
        (":save", ":save FILE"), (":save x.yml", ":save FILE"), (":save x.yml a", "nothing"),
        ("/Pay", "names no intent"), ("/pay", "no intent pay"), (":dance", "no command :dance"),
    ],
)  # fmt: skip
def test_what_can_not_be_followed_is_told(phone: Chat, line: str, told: str) -> None:
    (shown,) = typed(phone, line)
    assert told in shown
    assert not phone.scenes


@pytest.mark.parametrize("line", ["", "   ", "\n"])
def test_nothing_typed_is_nothing_said(phone: Chat, line: str) -> None:
    assert typed(phone, line) == []
    assert not phone.scenes


@pytest.mark.parametrize("line", [":)", ": (", ":-/", "::", ":P5"])
def test_a_face_is_no_command(phone: Chat, line: str) -> None:
    typed(phone, line)
    assert len(phone.scenes) == 1


def test_help_tells_every_command(phone: Chat) -> None:
    told = "\n".join(typed(phone, ":help"))
    assert all(f":{name}" in told for name in Chat.COMMANDS)


def test_a_very_long_line_is_cut(phone: Chat) -> None:
    typed(phone, "x" * (LONGEST * 3))
    assert len(phone.scenes[0].deed.text) == LONGEST  # type: ignore[union-attr]


def test_a_saved_conversation_passes_and_more_may_be_added(us: Pack, tmp_path: Path) -> None:
    file = tmp_path / "tests" / "tried.yml"
    first, second = (Chat(us, standard(us), CLOSED) for _ in range(2))
    typed(first, "/promise_to_pay{amount: 50, date: P4D}", "/affirm", ":advance P10D")
    assert typed(first, f":save {file} a missed promise") == [f"  (saved to {file})"]
    typed(second, ":campaign reminder", ":receipt failed bad_address")
    assert typed(second, f":save {file} an address: gone") == [f"  (saved to {file})"]
    cases = read_text(file.read_text(), file.name, us)
    assert [case.name for case in cases] == ["a missed promise", "an address: gone"]
    player = Player(us, CLOSED)
    assert all(player.play(case).failure is None for case in cases)
    assert "promise.broken" in file.read_text()


@pytest.mark.parametrize(
    "old",
    [
        "test_cases:\n- {test_case: a name, steps: []}\n",
        "test_cases:\n- {test_case: other, steps: []}\nmetadata: []\n",
        "test_cases: [\n", "test_cases: []\n", "stories: []\n", "test_cases:\n  - usr: x\n",
    ],
)  # fmt: skip
def test_a_file_that_can_not_take_the_case_stays_as_it_was(
    phone: Chat, tmp_path: Path, old: str
) -> None:
    file = tmp_path / "tried.yml"
    file.write_text(old)
    typed(phone, "/greeting")
    (shown,) = typed(phone, f":save {file} a name")
    assert shown.startswith("! ")
    assert file.read_text() == old


def test_a_folder_is_no_file_to_save_to(phone: Chat, tmp_path: Path) -> None:
    typed(phone, "/greeting")
    assert typed(phone, f":save {tmp_path} a name")[0].startswith("! ")


INTENTS = st.sampled_from(
    ["promise_to_pay", "opt_out", "dispute", "affirm", "deny", "greeting", "already_paid",
     "hardship", "out_of_scope", "help", "opt_in", "wrong_person", "self_harm_risk",
     "request_plan+promise_to_pay", "request_extension", "balance_query"]
)  # fmt: skip
ENTITIES = st.sampled_from(
    ["", "{amount: 50, date: P4D}", "{date: P40D}", "{amount: 3 EUR}", "{choice: 2, text: second}",
     "{instalment: {amount: 20, frequency: weekly, count: 6}}", "{ambiguous: [amount]}"]
)  # fmt: skip
OTHER = st.sampled_from(
    [":advance P1D", ":advance PT13H30M", ":advance P9D", ":channel email", ":channel sms",
     ":campaign reminder", ":receipt failed bad_address", ":receipt delivered", ":pay 50",
     ":pay 10 EUR", ":decline 5", ":verify", ":receipt undelivered opted_out"]
)  # fmt: skip
LINES = st.lists(
    st.builds(lambda i, e: f"/{i}{e}", INTENTS, ENTITIES) | OTHER, min_size=1, max_size=12
)


@settings(max_examples=120, deadline=None)
@given(LINES, st.sampled_from(sorted(PACKS)), st.text(min_size=1, max_size=20), st.data())
def test_whatever_was_tried_is_saved_as_a_case_that_passes(
    lines: list[str], name: str, title: str, data: Any
) -> None:
    """With the contact gate in force, at any hour; and what is saved is saved again the same."""
    pack, base = PACKS[name], standard(PACKS[name])
    hour = data.draw(st.integers(0, 23))
    setting = type(base)(**{n: getattr(base, n) for n in base.__struct_fields__ if n != "at"},
                         at=base.at.replace(hour=hour))  # fmt: skip
    phone = Chat(pack, setting, OUTSIDE[name])
    typed(phone, *lines)
    if not phone.scenes or not title.strip():
        return
    text = as_case(title, setting, base, phone.scenes)
    (case,) = read_text(HEAD + text, "tried.yml", pack)
    played = Player(pack, OUTSIDE[name]).play(case)
    assert played.failure is None, (text, played.failure)
    assert as_case(title, case.setting, base, played.scenes) == text


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_any_words_come_back_from_a_file_as_they_were(text: str) -> None:
    from dialogs.loading.source import parse

    assert parse(f"- {quoted(text)}\n", "x").value[0].value == text  # type: ignore[index,union-attr]


def run(*arguments: str, given: bytes) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "gateway.cli", "dialogs", "chat", *arguments]
    return subprocess.run(command, input=given, capture_output=True, timeout=120)


def test_the_phone_works_from_a_pipe(tmp_path: Path) -> None:
    file = tmp_path / "tried.yml"
    given = f"I can pay $50 on Friday\nYES\n:save {file} from a pipe\n:quit\nmore\n".encode()
    found = run("collections-us", "--at", "2026-11-23 10:00", given=given)
    assert found.returncode == 0, found.stderr
    shown = found.stdout.decode()
    assert "You will pay $50.00 on Friday, November 27." in shown
    assert "more" not in shown
    assert found.stderr == b""
    tests = [sys.executable, "-m", "gateway.cli", "dialogs", "test", "collections-us", str(file)]
    passed = subprocess.run(tests, capture_output=True, timeout=120)
    assert passed.returncode == 0, passed.stdout
    assert b"1 passed, 0 failed" in passed.stdout


def test_the_phone_takes_a_client_a_channel_and_odd_bytes() -> None:
    client = Path(__file__).parents[3] / "examples/clients/brightwater.yml"
    found = run(
        "collections-uk", "--client", str(client), "--channel", "email", "--at",
        "2026-11-23", given=b"hello \xff\xfe\x1b[2J\n",
    )  # fmt: skip
    assert found.returncode == 0, found.stderr
    assert b"\x1b" not in found.stdout
    assert "Brightwater" in found.stdout.decode()


def test_the_phone_may_stand_where_no_rules_are_known() -> None:
    found = run("collections-us", "--jurisdiction", "ZZ", given=b"I want to kill myself\n")
    assert found.returncode == 0, found.stderr
    assert "call your local emergency number" in found.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nowhere",), 1, "there is no such pack"),
        (("../collections-us",), 1, "there is no such pack"),
        (("collections-us", "--jurisdiction", "FR"), 2, "one of US, GB"),
        (("collections-us", "--at", "noon"), 2, "--at"),
        (("collections-us", "--client", "missing.yml"), 1, "missing.yml"),
    ],
)
def test_a_phone_that_can_not_be_opened_says_why(
    arguments: tuple[str, ...], code: int, told: str
) -> None:
    found = run(*arguments, given=b"")
    assert (found.returncode, told in found.stderr.decode()) == (code, True), found.stderr
