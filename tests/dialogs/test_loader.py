"""Broken packs yield all their findings, each with its place and mend, and never a trace."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.findings import Finding, PackError
from dialogs.loader import SHIPPED, load_pack, load_shipped
from dialogs.loading.source import Unreadable, parse
from dialogs.pack import PATTERNS

Edit = Callable[[Path], None]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(SHIPPED / "collections-us", copy)
    (copy / "responses/es-US.yml").unlink()
    return copy


def findings(folder: Path) -> tuple[Finding, ...]:
    with pytest.raises(PackError) as error:
        load_pack(folder)
    return error.value.findings


def replaced(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        text = (folder / file).read_text()
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, 1))

    return edit


def appended(file: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / file).write_text((folder / file).read_text() + text)

    return edit


PAY = "flows/payment.yml"
TEXTS = "responses/en-US.yml"
EXTRA = "  extra:\n    steps:\n"
BROKEN = [
    ("wrong person's closing", replaced(TEXTS, "      closing: utter_opt_out_line\n\n  # Promise",
     "\n  # Promise"), "neutral-closing", "closing"),
    ("a link for strangers", replaced(TEXTS, "please call {brand_phone}.", "see {link}."),
     "neutral-text", "brand_phone"),
    ("choices for strangers", replaced(TEXTS, 'If we wrote to you, please call us."',
     'If we wrote to you, please call us."\n      buttons: [{title: "Pay", payload: "/pay_now"}]'),
     "neutral-text", "without buttons"),
    ("a question to strangers", replaced("patterns.yml", "      - action: utter_stranger",
     "      - collect: promise_date"), "locked-pattern", "utter_..."),
    ("unknown key", replaced(PAY, "    nlu_trigger:", "    nlu_triger:"), "unknown-key",
     "nlu_trigger?"),
    ("unknown pack key", replaced("pack.yml", "author:", "autor:"), "unknown-key", "author?"),
    ("missing pack key", replaced("pack.yml", "version:", "description:"), "yaml-feature",
     "remove one"),
    ("no version", replaced("pack.yml", 'version: "1"\n', ""), "missing-key", "version"),
    ("version no text", replaced("pack.yml", '"1"', "1"), "shape", "quotes"),
    ("missing response", replaced(TEXTS, "  utter_plan:", "  utter_plann:"), "missing-response",
     "responses/en-US.yml"),
    ("missing ask", replaced(TEXTS, "  utter_ask_promise_date:", "  utter_ask_x:"),
     "missing-response", "responses/en-US.yml"),
    ("missing closing", replaced(TEXTS, "  utter_opt_out_line:", "  utter_other_line:"),
     "missing-response", "responses/en-US.yml"),
    ("condition type", replaced(PAY, "slots.promise_date < context.today",
     "slots.promise_date < 5"), "condition", "one type"),
    ("condition name", replaced(PAY, "slots.promise_share is not null", "slots.shar is null"),
     "condition", "slots.promise_share"),
    ("condition syntax", replaced(PAY, "slots.promise_id is null", "slots.promise_id is"),
     "condition", "slots.x"),
    ("unknown slot", replaced(PAY, "collect: promise_amount", "collect: promise_amonut"),
     "unknown-slot", "slots.yml"),
    ("unknown action", replaced(PAY, "action: record_promise", "action: record"),
     "unknown-action", "record_promise"),
    ("unknown step", replaced(PAY, "then: record", "then: recrod"), "unknown-step", "record"),
    ("unknown flow", replaced(PAY, "link: promise_to_pay", "link: promise"), "unknown-flow",
     "existing"),
    ("unknown intent", replaced(PAY, "- intent: pay_now", "- intent: pay_later"),
     "unknown-value", "pay_now"),
    ("unknown event", replaced(PAY, "on: payment_made", "on: payment"), "unknown-value",
     "payment_made"),
    ("unknown variable", replaced(TEXTS, "{promise_latest}", "{promise_lates}"),
     "unknown-variable", "pack.yml"),
    ("open brace", replaced(TEXTS, "{promise_latest}", "{promise_latest"), "unknown-variable",
     "brace"),
    ("debt fact unguarded", replaced(TEXTS, "You can see your balance safely here",
     "You owe {balance}. See"), "unverified-fact", "context.customer.verified"),
    ("name unguarded", replaced(TEXTS, "Hello. How", "Hello {first_name}. How"),
     "unverified-fact", "context.customer.verified"),
    ("response name", replaced(TEXTS, "  utter_welcome:", "  welcome:"), "response-name",
     "utter_"),
    ("empty response", appended(TEXTS, "  utter_x: []\n"), "response-empty", "text"),
    ("payload", replaced(TEXTS, 'payload: "/pay_now"', 'payload: "pay now"'), "payload",
     "/SetSlots"),
    ("link purpose", replaced(TEXTS, "link: settlement", "link: borrow"), "unknown-value", "pay"),
    ("link without a link", appended(TEXTS, "  utter_x: [{text: Hello, link: plan}]\n"),
     "link-unused", "{link}"),
    ("channel", replaced(TEXTS, "channel: email", "channel: fax"), "unknown-value", "email"),
    ("pattern gone", replaced("patterns.yml", "  pattern_no_reply:", "  pattern_no_answer:"),
     "missing-pattern", "patterns.yml"),
    ("locked pattern", replaced("patterns.yml", "- action: utter_opted_out",
     "- action: utter_opted_out\n      - action: handoff"), "locked-pattern", "utter_"),
    ("slot type", replaced("slots.yml", "type: money", "type: cash"), "unknown-value", "money"),
    ("slot entity", replaced("slots.yml", "entity: amount", "entity: date"), "slot-mapping",
     "date"),
    ("slot pattern", replaced("slots.yml", r"'\b(half|la mitad|50 ?%|fifty percent)'", "'(a+)+'"),
     "pattern", "write them out"),
    ("slot value", replaced("slots.yml", "value: half", "value: third"), "slot-value", "half"),
    ("slot never filled", appended(PAY, EXTRA + "      - collect: promise_id\n"),
     "slot-never-filled", "mapping"),
    ("two kinds", appended(PAY, EXTRA + "      - {action: utter_plan, noop: true}\n"),
     "step-kind", "collect"),
    ("no kind", appended(PAY, EXTRA + "      - {id: x}\n"), "step-kind", "collect"),
    ("no steps", appended(PAY, "  extra:\n    steps: []\n"), "flow-empty", "steps"),
    ("dead end", appended(PAY, EXTRA + "      - noop: true\n"), "dead-end", "next"),
    ("no else", appended(PAY, EXTRA + "      - noop: true\n        next:\n"
     "          - {if: context.asking, then: END}\n"), "dead-end", "else"),
    ("unreachable", appended(PAY, EXTRA + "      - {action: utter_plan, next: END}\n"
     "      - action: utter_plan\n"), "unreachable", "lead there"),
    ("after a link", appended(PAY, EXTRA + "      - link: pay_now\n      - action: utter_plan\n"),
     "unreachable", "lead there"),
    ("endless", appended(PAY, EXTRA + "      - {id: a, action: utter_plan, next: b}\n"
     "      - {id: b, action: utter_plan, next: a}\n"), "endless", "question"),
    ("step twice", appended(PAY, EXTRA + "      - {id: a, action: utter_plan}\n"
     "      - {id: a, action: utter_plan}\n"), "step-id", "rename"),
    ("flow twice", appended("flows/care.yml", "  pay_now:\n    steps: [{action: utter_plan}]\n"),
     "flow-twice", "rename"),
    ("event twice", appended(PAY, "  extra:\n    metadata: {gateway: {on: payment_made}}\n"
     "    steps: [{action: utter_plan}]\n"), "event-twice", "keep one"),
    ("set a wrong value", replaced(PAY, "{promise_amount: context.promise.amount}",
     "{promise_amount: context.promise.date}"), "slot-value", "its type"),
    ("set an amount", replaced(PAY, "{promise_amount: context.promise.amount}",
     "{promise_amount: 50}"), "slot-value", "customer or the host"),
    ("with", replaced(PAY, "with: {reason: request_plan}", "with: {raeson: request_plan}"),
     "unknown-key", "reason"),
    ("locale", replaced("pack.yml", "default_locale: en-US", "default_locale: es-US"),
     "file-missing", "responses/es-US.yml"),
    ("hours", replaced("pack.yml", "max_tries: 3", "max_tries: 0"), "shape", "3"),
    ("closing on a confirmation", replaced("pack.yml", "[reply, outreach, help]",
     "[reply, confirmation]"), "unknown-value", "outreach"),
    ("not yaml", appended(PAY, "  - [\n"), "yaml", "indentation"),
    ("tab", appended(PAY, "\tx: y\n"), "yaml", "spaces, not tabs"),
    ("anchor", appended(PAY, "  extra: &a\n    steps: []\n"), "yaml-feature", "write it out"),
    ("alias", appended(PAY, "  extra: *a\n"), "yaml-feature", "write it out"),
    ("tag", appended(PAY, "  extra: !!python/object:os.system {}\n"), "yaml-feature", "tag"),
    ("documents", appended(PAY, "---\nflows: {}\n"), "yaml-feature", "split"),
    ("deep", appended(PAY, "  extra: " + "[" * 500 + "]" * 500 + "\n"), "yaml-feature", "ids"),
    ("big", appended(PAY, "#" * 1_000_001), "file-size", "split"),
    ("not utf-8", lambda folder: (folder / PAY).write_bytes(b"\xff\xfe\xfa"), "file-read",
     "UTF-8"),
    ("control character", appended(PAY, "  extra: \x00\n"), "yaml", ""),
    ("no flows", lambda folder: shutil.rmtree(folder / "flows"), "file-missing", "add one"),
    ("no slots", lambda folder: (folder / "slots.yml").unlink(), "file-missing", "add it"),
    ("empty slots", lambda folder: (folder / "slots.yml").write_text(""), "shape", "key: value"),
    ("a list", lambda folder: (folder / "slots.yml").write_text("- a\n"), "shape", "key: value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "code", "mend"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_each_mistake_is_found_with_its_mend(pack: Path, edit: Edit, code: str, mend: str) -> None:
    edit(pack)
    found = [finding for finding in findings(pack) if finding.code == code]
    assert found, findings(pack)
    assert any(mend in finding.mend for finding in found), found
    for finding in found:
        assert finding.line >= 1
        assert finding.column >= 1
        assert str(finding).startswith(f"{finding.file}:{finding.line}:{finding.column}: ")


def test_the_place_is_exact(pack: Path) -> None:
    replaced(PAY, "collect: promise_amount", "collect: promise_amonut")(pack)
    lines = (pack / PAY).read_text().splitlines()
    (line,) = [at for at, words in enumerate(lines, 1) if "promise_amonut" in words]
    (finding,) = [f for f in findings(pack) if f.code == "unknown-slot"]
    assert (finding.file, finding.line, finding.column) == (PAY, line, 9)


def test_all_mistakes_are_told_at_once_in_order(pack: Path) -> None:
    names = ("unknown key", "missing response", "condition type", "unknown action")
    for name, edit, _, _ in BROKEN:
        if name in names:
            edit(pack)
    found = findings(pack)
    assert list(found) == sorted(found)
    assert {finding.code for finding in found} == {
        "unknown-key", "missing-response", "condition", "unknown-action",
    }  # fmt: skip


def test_an_unknown_shipped_pack_names_those_there_are() -> None:
    with pytest.raises(PackError, match="collections-uk, collections-us"):
        load_shipped("collections-fr")


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_the_shipped_packs_load(name: str) -> None:
    pack = load_shipped(name)
    assert pack.name == name
    assert set(PATTERNS) <= set(pack.flows)


@given(st.text(alphabet="ab:-[]{}|>\n \t'\"#&*!%@`\\\x00é,?0.", max_size=60))
def test_any_text_is_a_tree_or_a_finding(text: str) -> None:
    with suppress(Unreadable):
        parse(text, "x.yml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("0123", "0123"), ("2026-11-27", "2026-11-27"),
        ("12", 12), ("true", True), ("null", None), ("'true'", "true"), ("", None), ("1e3", "1e3"),
        ("0x1F", "0x1F"), ("9" * 30, "9" * 30),
    ],
)  # fmt: skip
def test_plain_words_stay_words(text: str, value: object) -> None:
    assert parse(text, "x.yml").value == value
