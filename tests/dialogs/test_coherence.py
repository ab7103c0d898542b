"""How a pack's parts hang together: circles, calls, locales, examples."""

from pathlib import Path

import pytest

from dialogs.findings import Finding, PackError
from dialogs.loader import load_pack
from tests.dialogs.test_rendering import small

TEXTS = """
  utter_ask_note: [{id: a, text: "note?"}, {id: b, text: "your note?", channel: email}]
  utter_more:
    - text: "More?"
      buttons: [{title: Yes, payload: /affirm}, {title: No, payload: /deny}]
"""
ASK, SAY = "{collect: note}", "{action: utter_more}"


def flows(**steps: str) -> str:
    return "flows:\n" + "".join(
        f"  {name}:\n    nlu_trigger: [{{intent: thanks}}]\n    steps: [{one}]\n"
        for name, one in steps.items()
    )


def codes(folder: Path, written: str) -> list[str]:
    try:
        small(folder, TEXTS, written)
    except PackError as error:
        return [finding.code for finding in error.findings]
    return []


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ({"a": "{call: a}"}, "circular-call"),
        ({"a": "{call: b}", "b": "{call: a}"}, "circular-call"),
        ({"a": f"{ASK}, {{call: b}}", "b": f"{{call: c}}, {SAY}", "c": "{call: a}"},
         "circular-call"),
        ({"a": "{link: a}"}, "endless"),
        ({"a": f"{SAY}, {{link: b}}", "b": "{link: a}"}, "endless"),
        ({"a": "{call: c}, {link: b}", "b": "{link: a}", "c": SAY}, "endless"),
        ({"a": "{id: x, call: b, next: x}", "b": SAY}, "endless"),
        ({"a": "{call: c}, {link: b}", "b": "{link: a}", "c": f"{ASK}, {SAY}"}, None),
        ({"a": "{id: x, call: b, next: x}", "b": ASK}, None),
        ({"a": f"{ASK}, {{link: b}}", "b": f"{SAY}, {{link: a}}"}, None),
        ({"a": "{set_slots: [{note: x}]}, {link: a}"}, None),
        ({"a": "{call: b}, {call: b}", "b": "{call: c}, {call: c}", "c": SAY}, None),
        ({"a": "{call: b}", "b": "{call: c}", "c": "{call: d}", "d": SAY}, None),
        ({"a": "{call: b}", "b": "{call: c}", "c": "{call: d}", "d": "{call: e}", "e": SAY},
         "call-depth"),
        ({"a": "{call: gone}"}, "unknown-flow"),
        ({"a": "{link: gone}"}, "unknown-flow"),
    ],
)  # fmt: skip
def test_flows_that_lead_to_each_other(
    tmp_path: Path, steps: dict[str, str], code: str | None
) -> None:
    assert set(codes(tmp_path, flows(**steps))) == ({code} if code else set())


def two_locales(folder: Path, spanish: str) -> tuple[Finding, ...]:
    small(folder, TEXTS, flows(a=f"{ASK}, {SAY}"))
    english = (folder / "responses/en-US.yml").read_text()
    for old, new in (line.split(" => ") for line in filter(None, spanish.split("\n"))):
        assert old in english
        english = english.replace(old, new)
    (folder / "responses/es-US.yml").write_text(english)
    try:
        load_pack(folder)
    except PackError as error:
        return error.findings
    return ()


@pytest.mark.parametrize(
    ("change", "code", "file", "words"),
    [
        ("utter_ask_note => utter_other", "locale-response", "responses/en-US.yml", "es-US"),
        ("utter_ask_note => utter_other", "locale-response", "responses/es-US.yml", "en-US"),
        ("id: a, => id: c,", "locale-variation", "responses/es-US.yml", "variation a"),
        ("id: a, => id: c,", "locale-variation", "responses/en-US.yml", "variation c"),
        (", {title: No, payload: /deny} => ", "locale-button", "responses/es-US.yml", "fewer"),
        (", {title: No => , {title: Tal vez, payload: /help}, {title: No", "locale-button",
         "responses/en-US.yml", "fewer"),
    ],
)  # fmt: skip
def test_what_a_locale_lacks_is_told_where(
    tmp_path: Path, change: str, code: str, file: str, words: str
) -> None:
    found = [one for one in two_locales(tmp_path, change) if one.code == code]
    assert any(one.file == file and words in one.reason for one in found), found


def test_equal_locales_are_in_parity(tmp_path: Path) -> None:
    assert two_locales(tmp_path, "More? => Más?") == ()


def test_a_variation_has_an_id_of_its_own(tmp_path: Path) -> None:
    texts = TEXTS.replace("id: b", "id: a")
    with pytest.raises(PackError, match="variation-id: a stands twice"):
        small(tmp_path, texts, flows(a=f"{ASK}, {SAY}"))


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("nlu:\n- intent: affirm\n  examples: |\n    - yes\n    - sure\n", None),
        ('version: "3.1"\nnlu:\n- intent: affirm+thanks\n  examples: |\n    - yes thanks\n', None),
        ("nlu:\n- intent: agree\n  examples: |\n    - yes\n", "unknown-intent"),
        ("nlu:\n- intent: affirm+agree\n  examples: |\n    - yes\n", "unknown-intent"),
        ("nlu:\n- intent: affirm\n", "missing-key"),
        ("nlu:\n- intent: affirm\n  examples: [yes]\n", "shape"),
        ("nlu:\n- intent: affirm\n  examples: |\n    yes\n", "nlu-examples"),
        ('nlu:\n- intent: affirm\n  examples: ""\n', "nlu-examples"),
        ("nlu:\n- intent: affirm\n  exampels: |\n    - yes\n", "unknown-key"),
        (("nlu:\n- intent: affirm\n  examples: |\n    - Yes\n- intent: deny\n  examples: |\n"
         "    - yes\n"), "nlu-conflict"),
        ("stories: []\n", "unknown-key"),
        ("nlu: &a []\n", "yaml-feature"),
    ],
)  # fmt: skip
def test_examples_are_checked(tmp_path: Path, written: str, code: str | None) -> None:
    small(tmp_path, TEXTS, flows(a=f"{ASK}, {SAY}"))
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu/en-US.yml").write_text(written)
    found: tuple[Finding, ...] = ()
    try:
        load_pack(tmp_path)
    except PackError as error:
        found = error.findings
    assert (code in {one.code for one in found}) == (code is not None), found
    assert all(one.file == "nlu/en-US.yml" for one in found)
