"""Each kind of step, each of its keys: what a flow of it says, keeps and does next."""

from pathlib import Path
from typing import Any

import pytest

from tests.dialogs.play import Play, text, usd
from tests.dialogs.test_rendering import small

SAYS = "\n".join(
    f'  utter_{name}: [{{text: "{words}"}}]'
    for name, words in {
        "ask_amount": "How much?", "ask_note": "Note?", "other": "Other?", "a": "A", "b": "B",
        "c": "C", "too_much": "Too much.", "amount": "{amount}",
    }.items()
)  # fmt: skip
Said = tuple[str, dict[str, Any]]
START: Said = ("greeting", {})


def an(intent: str, **found: Any) -> Said:
    return intent, found


STEPS: list[tuple[str, str, list[Said], list[str]]] = [
    ("collect asks by its own name", "[{collect: amount}, {action: utter_amount}]",
     [START, an("promise_to_pay", amount=usd(5))], ["How much?", "$5.00"]),
    ("collect is silent where the slot is filled", "[{collect: amount}, {action: utter_amount}]",
     [an("promise_to_pay", amount=usd(7))], ["$7.00"]),
    ("utter is the question", "[{collect: amount, utter: utter_other}]", [START], ["Other?"]),
    ("ask_before_filling asks in any case",
     "[{set_slots: [{note: x}]}, {collect: note, ask_before_filling: true}, {action: utter_note}]",
     [START, an("out_of_scope")], ["Note?", "You said ..."]),
    ("ask_before_filling takes what the reply itself brought",
     "[{collect: amount, ask_before_filling: true}, {action: utter_amount}]",
     [an("promise_to_pay", amount=usd(3))], ["$3.00"]),
    ("rejections say why and ask again",
     ("[{collect: amount, rejections: [{if: slots.amount > 10, utter: utter_too_much}]},"
     " {action: utter_amount}]"),
     [START, an("promise_to_pay", amount=usd(11)), an("promise_to_pay", amount=usd(10))],
     ["How much?", "Too much. Go on?", "$10.00"]),
    ("validation comes before the step's own rejections",
     "[{collect: amount, rejections: [{if: slots.amount > 10, utter: utter_too_much}]}]",
     [START, an("promise_to_pay", amount=usd(1000))], ["How much?", "plain Go on?"]),
    ("next names a step", ("[{action: utter_a, next: z}, {id: y, action: utter_b, next: END},"
     " {id: z, action: utter_c, next: y}]"), [START], ["A C B"]),
    ("END ends", ("[{action: utter_a, next: [{if: slots.note is not null, then: z}, {else: END}]},"
     " {id: z, action: utter_b}]"), [START], ["A"]),
    ("if, then and else",
     ("[{noop: true, next: [{if: slots.note is not null, then: z}, {else: [{action: utter_a}]}]},"
     " {id: y, action: utter_b, next: END}, {id: z, action: utter_c}]"), [START], ["A B"]),
    ("the first that holds is taken",
     ("[{set_slots: [{note: x}]}, {noop: true, next: [{if: slots.note = \"x\", then: z},"
     " {if: slots.note is not null, then: y}, {else: END}]},"
     " {id: y, action: utter_b, next: END}, {id: z, action: utter_c}]"), [START], ["C"]),
    ("unknown is not true, nor its contrary",
     ("[{noop: true, next: [{if: slots.amount > 5, then: y}, {if: not slots.amount > 5, then: y},"
     " {else: z}]}, {id: y, action: utter_b, next: END}, {id: z, action: utter_c}]"),
     [START], ["C"]),
    ("nested steps go on below",
     "[{noop: true, next: [{else: [{action: utter_a}, {action: utter_b}]}]}, {action: utter_c}]",
     [START], ["A B C"]),
    ("set_slots sets and empties",
     "[{set_slots: [{note: x}, {note: null}]}, {collect: note}]", [START], ["Note?"]),
    ("set_slots copies",
     "[{set_slots: [{note: context.brand.name}]}, {action: utter_note}]", [START],
     ["You said Harbor Recovery"]),
    ("call comes back with its slots",
     "[{call: callee}, {action: utter_note}]", [START, an("out_of_scope")],
     ["Note?", "B You said ..."]),
    ("link does not come back", "[{action: utter_a}, {link: callee}]", [START, an("out_of_scope")],
     ["A Note?", "B"]),
    ("noop does nothing", "[{noop: true, next: z}, {id: z, action: utter_a}]", [START], ["A"]),
]  # fmt: skip


def flow(steps: str, more: str = "") -> str:
    return f"""
flows:
  tried:
    nlu_trigger: [{{intent: greeting}}, {{intent: promise_to_pay}}]
    steps: {steps}
{more}
  callee:
    nlu_trigger: [{{intent: hardship}}]
    steps: [{{collect: note}}, {{action: utter_b}}]
"""


@pytest.mark.parametrize(
    ("steps", "said", "answers"), [row[1:] for row in STEPS], ids=[row[0] for row in STEPS]
)
def test_a_step(tmp_path: Path, steps: str, said: list[Said], answers: list[str]) -> None:
    play = Play(small(tmp_path, SAYS + "\n", flow(steps)))
    heard = [text(play.says("...", intent, **found)) for intent, found in said]
    assert heard == answers


@pytest.mark.parametrize(("persisted", "kept"), [("[]", set()), ("[note]", {"note"})])
def test_slots_end_with_their_flow_but_the_persisted(
    tmp_path: Path, persisted: str, kept: set[str]
) -> None:
    more = f"    persisted_slots: {persisted}"
    pack = small(tmp_path, SAYS + "\n", flow("[{collect: note}, {action: utter_a}]", more))
    play = Play(pack)
    play.says("hi", "greeting")
    state = play.says("words", "out_of_scope").state
    assert set(state.slots) == kept


@pytest.mark.parametrize("ending", ["", ", next: END"])
def test_what_a_called_flow_filled_ends_with_the_caller(tmp_path: Path, ending: str) -> None:
    steps = f"[{{call: callee}}, {{action: utter_note{ending}}}]"
    play = Play(small(tmp_path, SAYS + "\n", flow(steps)))
    play.says("hi", "greeting")
    assert play.says("words", "out_of_scope").state.slots == {}


@pytest.mark.parametrize(
    ("declared", "given", "shown"),
    [
        ("text", '"word"', "word"), ("float", "1.5", "1.5"), ("decimal", "2", "2"),
        ("date", '"2026-11-27"', "Friday, November 27"), ("list", "[a, b]", "a, b"),
        ("categorical, values: [low, high]", "high", "high"), ("any", "free", "free"),
    ],
)  # fmt: skip
def test_each_type_keeps_and_shows_its_values(
    tmp_path: Path, declared: str, given: str, shown: str
) -> None:
    steps = f"[{{set_slots: [{{extra: {given}}}]}}, {{action: utter_extra}}, {{collect: note}}]"
    texts = SAYS + '\n  utter_extra: [{text: "{extra}."}]\n'
    slot = f"  extra: {{type: {declared}, mappings: [{{type: controlled}}]}}\n"
    play = Play(small(tmp_path, texts, flow(steps), slots=slot))
    assert text(play.says("hi", "greeting")) == f"{shown}. Note?"
