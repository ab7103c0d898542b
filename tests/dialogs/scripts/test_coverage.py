"""What the tests of a pack have passed, counted against all that there is."""

from pathlib import Path

import pytest

from dialogs.loader import SHIPPED, load_shipped
from dialogs.pack import Pack
from dialogs.scripts.coverage import coverage
from dialogs.scripts.places import place_of, places_of
from dialogs.scripts.rehearsal import Item, rehearse
from tests.dialogs.scripts.conftest import Plays

PROMISE = "  - user: '/promise_to_pay{amount: 50, date: P4D}'\n"
TOO_LATE = (
    "rejection promise_to_pay, ask_date: rejected if "
    "slots.promise_date > context.rules.promise_latest"
)


def missed(us: Pack, plays: Plays, steps: str) -> set[str]:
    found = coverage(us, plays(steps))
    return {str(item) for item in (*found.steps.missed, *found.edges.missed)}


def test_every_step_branch_guard_rejection_and_trigger_counts(us: Pack) -> None:
    found = coverage(us, [])
    flows = us.flows.values()
    assert found.steps.total == sum(len(flow.steps) for flow in flows)
    branches = sum(len(step.branches) for flow in flows for step in flow.steps)
    rejections = sum(
        len(getattr(step.deed, "rejections", ())) for flow in flows for step in flow.steps
    )
    guards = 2 * sum(flow.guard is not None for flow in flows)
    triggers = sum(
        len(flow.triggers) + (flow.on is not None) + flow.from_entities for flow in flows
    )
    assert found.edges.total == branches + rejections + guards + triggers
    assert (found.steps.passed, found.edges.passed, found.percent) == (0, 0, 0.0)
    assert len(set(map(str, found.steps.missed + found.edges.missed))) == len(rehearse(us).items)


@pytest.mark.parametrize(
    ("steps", "passed"),
    [
        ("  - campaign: reminder\n",
         {"step reminder, utter_reminder", "edge reminder, utter_reminder: then END",
          "guard reminder: if not context.promise.active"}),
        (PROMISE + "  - user: '/affirm{text: \"yes\"}'\n  - campaign: reminder\n",
         {"guard reminder: unless not context.promise.active"}),
        (PROMISE,
         {"step promise_to_pay, confirm", "trigger promise_to_pay: promise_to_pay",
          "edge promise_to_pay, start: else ask_date"}),
        ("  - user: 'friday'\n    intent: out_of_scope\n    date: P4D\n",
         {"trigger promise_to_pay: a bare amount or day"}),
        ("  - user: '/promise_to_pay{amount: 50, date: P20D}'\n",
         {TOO_LATE}),
        ("  - user: /request_extension\n",
         {"step request_extension, promise",
          "edge request_extension, promise: link to promise_to_pay",
          "step promise_to_pay, ask_date"}),
        ("  - payment: {amount: 50}\n", {"trigger payment_made: payment_made"}),
        ("  - user: /hardship\n  - user: '1'\n    intent: out_of_scope\n",
         {"step agent_request, utter_agent", "step agent_request, ask"}),
    ],
)  # fmt: skip
def test_what_is_passed_is_no_longer_missed(
    us: Pack, plays: Plays, steps: str, passed: set[str]
) -> None:
    everything = missed(us, plays, "  - advance: P0D\n")
    assert passed <= everything
    assert passed.isdisjoint(missed(us, plays, steps))


def test_a_question_is_reached_and_its_answer_is_not(us: Pack, plays: Plays) -> None:
    left = missed(us, plays, PROMISE)
    assert "edge promise_to_pay, confirm: if slots.promise_confirmed, then record" in left
    assert "edge promise_to_pay, confirm: else utter_promise_changed" in left
    assert "step promise_to_pay, record" in left


def test_what_does_not_set_a_flow_off_is_no_trigger(us: Pack, plays: Plays) -> None:
    steps = "  - user: x\n    intent: {request_extension: 0.9, promise_to_pay: 0.1}\n"
    assert "trigger promise_to_pay: promise_to_pay" in missed(us, plays, steps)


def test_percentages_are_rounded_down(us: Pack, plays: Plays) -> None:
    (played,) = plays(PROMISE)
    found = coverage(us, [played])
    exact = 100 * found.edges.passed / found.edges.total
    assert found.edges.percent <= exact < found.edges.percent + 0.1
    assert found.percent == min(found.steps.percent, found.edges.percent)


def test_every_item_has_a_place(us: Pack) -> None:
    folder: Path = SHIPPED / "collections-us"
    places = places_of(folder, us)
    for item in rehearse(us).items:
        file, line, _ = place_of(item, places).split(":")
        text = (folder / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        if not item.step:
            assert text.strip() == f"{item.flow}:"
    file, line, _ = place_of(Item("step", "promise_to_pay", "record"), places).split(":")
    text = (folder / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert "record_promise" in text


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_every_step_has_a_place_of_its_own(name: str) -> None:
    """Those under a condition too."""
    pack = load_shipped(name)
    places = places_of(SHIPPED / name, pack)
    steps = [(flow.name, step.id) for flow in pack.flows.values() for step in flow.steps]
    assert {key for key in places if key[1]} == set(steps)
    assert len(set(places.values())) == len(places)
