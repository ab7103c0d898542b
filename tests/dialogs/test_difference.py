"""What differs between versions, told so that a strategist understands it."""

from pathlib import Path

import pytest

from dialogs.difference import Change, file_changes, path_changes
from dialogs.loader import load_shipped
from dialogs.pack import Pack
from tests.dialogs.edits import ENGLISH, PATTERNS, PAYMENT, SLOTS, TEXTS, edited

US = ENGLISH
SERVICE = "flows/service.yml"

CASES: dict[str, tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]] = {
    "a threshold": (
        [(PAYMENT, "confidence_threshold: 0.35", "confidence_threshold: 0.5")],
        [("trigger", "changed",
          "promise_to_pay starts flow promise_to_pay from a confidence of 0.5, not 0.35")],
    ),
    "a trigger taken away and one added": (
        [(SERVICE, "{intent: greeting}", "{intent: thanks}")],
        [("trigger", "removed", "greeting no longer starts flow greeting"),
         ("trigger", "added", "thanks starts flow greeting, from a confidence of 0.4")],
    ),
    "a guard": (
        [("flows/outreach.yml", ("if: not context.promise.active\n    steps:\n"
          "      - action: utter_reminder\n"), ("if: not context.suspended\n    steps:\n"
          "      - action: utter_reminder\n"))],
        [("trigger", "changed",
          ("flow reminder started if not context.promise.active, and now starts if not"
          " context.suspended"))],
    ),
    "a step that says something else": (
        [(SERVICE, "- action: utter_welcome",
          "- id: utter_welcome\n        action: utter_greeting")],
        [("step", "changed",
          "flow thanks, step utter_welcome: says utter_greeting; before, it says utter_welcome")],
    ),
    "an edge": (
        [(PAYMENT, "          - else: ask_date\n      - id: share",
          "          - else: ask_amount\n      - id: share")],
        [("edge", "changed",
          "flow promise_to_pay, step start: otherwise, it goes on to ask_amount, not to ask_date")],
    ),
    "a step between others": (
        [(SERVICE, "      - action: utter_agent\n",
          "      - action: utter_handoff\n      - action: utter_agent\n")],
        [("step", "added",
          ("flow agent_request, step utter_handoff is new: it says utter_handoff, then goes on to"
          " utter_agent")),
         ("edge", "changed", "flow agent_request begins at utter_handoff, not at utter_agent")],
    ),
    "the order of conditions": (
        [(PATTERNS, """          - if: context.suspended
            then:
              - action: handoff
                with: {reason: not_understood}
              - action: utter_handoff
                next: END
          - if: context.person_asked
            then:
              - action: utter_person_soon
                next: END
""", """          - if: context.person_asked
            then:
              - action: utter_person_soon
                next: END
          - if: context.suspended
            then:
              - action: handoff
                with: {reason: not_understood}
              - action: utter_handoff
                next: END
""")],
        [("edge", "changed",
          ("flow pattern_clarification, step noop: its conditions are asked in another order: if"
          " context.asking; if context.person_asked; if context.suspended; otherwise"))],
    ),
    "a flow taken away": (
        [("flows/outreach.yml", "  reminder:", "  first_message:"),
         ("sequences.yml", "flow: reminder\n", "flow: first_message\n")],
        [("flow", "removed",
          "flow reminder is gone: it starts where another leads to it and has 1 steps"),
         ("flow", "added",
          "flow first_message is new: it starts where another leads to it and has 1 steps")],
    ),
    "what becomes of an interrupted flow": (
        [(PAYMENT, "gateway: {on: promise_kept, while_suspended: true}",
          "gateway: {on: promise_kept}")],
        [("flow", "changed", "while_suspended of flow promise_kept was yes and is no")],
    ),
    "a slot's type": (
        [(SLOTS, "  representative:\n    type: text", "  representative:\n    type: any")],
        [("slot", "changed", "type of slot representative was text and is any")],
    ),
    "a slot's pattern": (
        [(SLOTS, "la mitad|", "la mitad|mitad|")],
        [("slot", "changed", "slot promise_share is filled in another way")],
    ),
    "a text": (
        [(TEXTS, "You are welcome.", "Any time, {brand}.")],
        [("response", "changed",
          'utter_welcome, variation 1 (en-US): says "Any time, {brand}.", not "You are welcome."')],
    ),
    "a variation for a channel": (
        [(TEXTS, '    - text: "You are welcome."\n',
          '    - text: "You are welcome."\n    - {channel: email, text: "With pleasure."}\n')],
        [("response", "added",
          'utter_welcome, variation 2 (en-US) is new: "With pleasure." (email)')],
    ),
    "a closing": (
        [(TEXTS, 'contact you here again."\n      closing: utter_opt_out_line',
          'contact you here again."\n      closing: ""')],
        [("response", "changed",
          ("utter_wrong_person, variation 1 (en-US): its closing was utter_opt_out_line"
          " and is empty"))],
    ),
    "settings": (
        [("pack.yml", "categories: [reply, outreach, help]", "categories: [outreach]"),
         ("pack.yml", "no_reply: [{after: PT24H}, {after: PT24H}]", "no_reply: [{after: PT48H}]")],
        [("pack", "changed",
          "the setting closing_on was help, outreach, reply and is outreach"),
         ("pack", "changed",
          "the setting no_reply was after 24 hours, after 24 hours and is after 48 hours")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "told"), CASES.values(), ids=CASES)
def test_what_changes_is_told_in_words(
    tmp_path: Path, edits: list[tuple[str, str, str]], told: list[tuple[str, str, str]]
) -> None:
    found = list(path_changes(US, edited(tmp_path, *edits)))
    assert [(change.part, change.kind, change.words) for change in found] == told


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_a_pack_does_not_differ_from_itself(name: str) -> None:
    assert list(path_changes(load_shipped(name), load_shipped(name))) == []


@pytest.mark.parametrize(("edits", "told"), CASES.values(), ids=CASES)
def test_the_way_back_is_told_as_much(
    tmp_path: Path, edits: list[tuple[str, str, str]], told: list[tuple[str, str, str]]
) -> None:
    new = edited(tmp_path, *edits)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    there, back = parts(US, new), parts(new, US)
    assert sorted((part, turned[kind], name) for part, kind, name in there) == sorted(back)


def parts(before: Pack, after: Pack) -> list[tuple[str, str, str]]:
    return [change[:3] for change in path_changes(before, after)]


def test_another_pack_in_another_language() -> None:
    found = list(path_changes(US, load_shipped("collections-uk")))
    assert (
        Change(
            "response",
            "removed",
            "en-US",
            f"{len(US.responses['en-US'])} texts in en-US are removed",
        )
        in found
    )
    assert any(change.part == "response" and change.kind == "added" for change in found)


def test_files_line_by_line() -> None:
    before = {"a.yml": "x: 1\ny: 2\n", "b.yml": "z: 3\n", "same.yml": "s\n", "end.yml": "a"}
    after = {"a.yml": "x: 1\ny: 4\n", "c.yml": "w: 5\n", "same.yml": "s\n", "end.yml": "a\n"}
    found = {change.file: change for change in file_changes(before, after)}
    assert {name: change.kind for name, change in found.items()} == {
        "a.yml": "changed", "b.yml": "removed", "c.yml": "added", "end.yml": "changed",
    }  # fmt: skip
    assert found["a.yml"].lines[-2:] == ("-y: 2", "+y: 4")
    assert found["b.yml"].lines[-1] == "-z: 3"
    assert found["end.yml"].lines == ()
