"""Random and adversarial events through both packs: what must hold whatever happens."""

import json
from datetime import timedelta

import msgspec
import pytest
from msgspec import structs

from dialogs.loader import load_shipped
from domain.values import Money
from tests.dialogs.play import TODAY, Play, a_context
from tests.dialogs.walk.running import PACKS, Walked, breaks, replay, shortened, told, walk
from tests.dialogs.walk.steps import Step

STEPS = 3_000
SEED = 20_261_123


@pytest.fixture(scope="module")
def walked() -> Walked:
    return walk(STEPS, SEED)


def test_whatever_happens(walked: Walked) -> None:
    assert not walked.broken, "replay this script:\n" + told(walked.broken[0])


def test_the_walk_goes_everywhere(walked: Walked) -> None:
    """A walk that stays at the door proves nothing."""
    assert walked.steps == STEPS
    assert set(walked.kinds) == {
        "said", "heard", "chosen", "campaign", "timer", "wait", "paid", "declined", "returned",
        "opened", "asked", "failed", "settled", "plan", "completed", "host", "took", "agent",
        "back",
        "went_wrong", "changed",
    }  # fmt: skip
    assert {"RecordPromise", "RecordPlan", "OptOut", "Hold", "Handoff", "IssueLink"} <= set(
        walked.commands
    )
    assert min(walked.passed.values()) > 60


def test_the_same_seed_walks_the_same_way(walked: Walked) -> None:
    again = walk(STEPS, SEED)
    assert (again.kinds, again.commands) == (walked.kinds, walked.commands)


STOP: Step = {
    "do": "said", "text": "stop", "intents": [["opt_out", 0.95]], "amount": None, "date": None,
    "instalment": None, "choice": None, "channel": "sms", "keyword": None,
}  # fmt: skip
ASK: Step = STOP | {"text": "what do i owe", "intents": [["balance_query", 0.95]]}
REMINDER: Step = {"do": "campaign", "channel": "sms", "flow": "reminder"}


def test_a_broken_rule_is_found_shortened_and_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that forgets who asked for silence: two steps are enough to show it."""
    from tests.dialogs.walk import walker

    decide = walker.decide

    def forgetful(pack, state, event, context):  # type: ignore[no-untyped-def]
        decision = decide(pack, state, event, context)
        state = structs.replace(decision.state, opted_out=())
        return structs.replace(decision, state=state)

    monkeypatch.setattr(walker, "decide", forgetful)
    pack = load_shipped("collections-us")
    script = [ASK, REMINDER, ASK, STOP, {"do": "took"}, {"do": "back", "resume": False}, ASK, ASK]
    error = breaks(pack, "collections-us", 1, script)
    assert error is not None
    assert error.rule == "silence after an opt-out"
    short = shortened(pack, "collections-us", 1, script, error.rule)
    assert short == [STOP, ASK]
    printed = told({"pack": "collections-us", "seed": 1, "rule": error.rule, "steps": short})
    again = replay(json.loads(printed))
    assert again is not None
    assert again.rule == error.rule


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_memory_does_not_grow_with_the_conversation(pack: str) -> None:
    jurisdiction = PACKS[pack]
    play = Play(load_shipped(pack), a_context(jurisdiction=jurisdiction))
    sizes = []
    for turn in range(600):
        day = TODAY + timedelta(days=turn % 9)
        intents = (("promise_to_pay",), ("balance_query",), ("out_of_scope",), ("deny",))
        amount = Money(5000 + turn, play.context.currency)
        decision = play.says("x" * turn, *intents[turn % 4], amount=amount, on=day)
        sizes.append(len(msgspec.json.encode(decision.state)))
    assert max(sizes[300:]) <= max(sizes[:60]) + 8  # the version's own digits
