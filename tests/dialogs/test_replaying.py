"""Two packs on one conversation: the pure part of a replay."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from msgspec import structs

from dialogs.loader import load_shipped
from dialogs.pack import Pack
from dialogs.replaying.comparing import FIRST, OTHERWISE, SECOND, Pair
from dialogs.replaying.dressing import adopted, dressed, under
from dialogs.replaying.summary import ALIKE, MOST, OTHER_TEXT, Line, Sample, Tally
from dialogs.replaying.telling import Meaning, Message, Told
from dialogs.replaying.twins import Arm, Timer, parted
from dialogs.state import Frame, KeptText, Question, State

NOW = int(datetime(2026, 11, 24, 18, tzinfo=UTC).timestamp()) * 1_000_000
HOUR = timedelta(hours=1) // timedelta(microseconds=1)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_shipped("collections-us")


def pair(first: Told, second: Told, intents: tuple[str, str] = ("greeting", "greeting")) -> Pair:
    return Pair((Meaning(intents[0]), Meaning(intents[1])), (first, second))


def told(text: str = "Hello", *, variation: str = "1", **more: object) -> Told:
    given = {"path": ("a / b",), "messages": (), "outcomes": {}} | more
    if text:
        given["messages"] = (Message("sms", "utter_a", variation, text),)
    return Told(**given)  # type: ignore[arg-type]


def test_the_same_is_no_difference() -> None:
    assert not pair(told(), told()).differs


@pytest.mark.parametrize(
    ("second", "kinds", "seen"),
    [
        (told("Hi"), {"message"}, True),
        (told(""), {"message"}, True),
        (told(variation="2"), {"message"}, False),  # the same words by another name
        (told(path=("a / c",)), {"path"}, False),
        (told(outcomes={"promise": "50"}), {"outcome"}, False),
    ],
)
def test_what_differs(second: Told, kinds: set[str], seen: bool) -> None:
    found = pair(told(), second)
    assert found.differs
    assert found.other_for_customer is seen
    other = {"path": found.other_path, "message": found.other_message}
    other |= {"outcome": found.other_outcome, "intent": found.other_intent}
    assert {kind for kind, differs in other.items() if differs} == kinds


def test_outcomes_by_whose_they_are() -> None:
    first = told(outcomes={"a": "1", "b": "1", "c": "1"})
    second = told(outcomes={"b": "2", "c": "1", "d": "1"})
    assert list(pair(first, second).outcomes()) == [("a", FIRST), ("b", OTHERWISE), ("d", SECOND)]


def arm(pack: Pack, wait: int | None = None, **timers: int) -> Arm:
    made = Arm(State.fresh(pack, "en-US"))
    made.timers = {name: Timer(NOW + due, 1, "promise_reminder") for name, due in timers.items()}
    if wait is not None:
        made.wait, made.timers["w"] = "w", Timer(NOW + wait, 1)
    return made


@pytest.mark.parametrize(
    ("first", "second", "rang", "apart"),
    [
        ({}, {}, (), False),
        ({"wait": -HOUR}, {"wait": -HOUR}, ("w",), False),
        ({"wait": -HOUR}, {"wait": HOUR}, ("w",), True),
        ({"wait": -HOUR}, {}, ("w",), True),
        ({"wait": HOUR}, {"wait": -HOUR}, (), True),
        ({"wait": HOUR}, {"wait": 2 * HOUR}, (), False),
        ({}, {"wait": -HOUR}, (), True),
        ({}, {"wait": HOUR}, (), False),
        ({"p": -HOUR}, {"p": -HOUR}, ("p",), False),
        ({"p": -HOUR}, {"p": -2 * HOUR}, (), True),
        ({}, {"p": -HOUR}, (), True),
        ({}, {"p": HOUR}, (), False),
        ({}, {}, ("of the record alone",), False),
    ],
)
def test_speaking_at_other_times(
    pack: Pack, first: dict[str, int], second: dict[str, int], rang: tuple[str, ...], apart: bool
) -> None:
    assert parted(arm(pack, **first), arm(pack, **second), NOW, rang) is apart
    assert parted(arm(pack, **second), arm(pack, **first), NOW, rang) is apart


def test_a_dressed_pack_goes_by_the_others_name(pack: Pack) -> None:
    worn = dressed(pack, "other", "v7").pack
    assert (worn.name, worn.version) == ("other", "v7")
    state = State.fresh(worn, "en-US")
    assert under(State.fresh(pack, "en-US"), state) == state


def test_what_a_draft_takes_over(pack: Pack) -> None:
    flow = pack.flows["promise_to_pay"]
    fresh = State.fresh(pack, "en-US")
    standing = structs.replace(fresh, stack=(Frame(flow.name, flow.steps[0].id),))
    assert adopted(standing, pack, pack) == standing
    for lost in (
        structs.replace(fresh, stack=(Frame("gone", "x"),)),
        structs.replace(fresh, stack=(Frame(flow.name, "gone"),)),
        structs.replace(fresh, question=Question("gone", 1)),
    ):
        assert adopted(lost, pack, pack) is None
    odd = {"gone": KeptText("x"), "promise_amount": KeptText("no money")}
    kept = adopted(structs.replace(fresh, slots={**fresh.slots, **odd}), pack, pack)
    assert kept is not None
    assert kept.slots.keys() == fresh.slots.keys()


def test_counts_are_bounded() -> None:
    tally = Tally()
    for number in range(MOST + 50):
        differing = pair(told(path=(str(number),)), told(path=("x",)))
        tally.add(differing)
        tally.keep(differing, partial(sample, number))
    assert len(tally.paths) == MOST + 1
    assert tally.paths.total() == MOST + 50
    assert sum(map(len, tally.samples.values())) == ALIKE


def sample(number: int) -> Sample:
    return Sample("harbor", str(number), number, (), Line("customer", "x"), None, 0)


def test_samples_are_of_every_kind_first() -> None:
    tally = Tally()
    for number in range(5):
        tally.keep(pair(told(), told("Hi")), partial(sample, number))
    tally.keep(pair(told(), told(""), ("dispute", "dispute")), lambda: sample(9))
    assert [each.at for each in tally.chosen(3)] == [0, 9, 1]
    assert tally.chosen(0) == []


def test_another_text_of_the_same_variation_is_named() -> None:
    tally = Tally()
    tally.add(pair(told(), told("Hi")))
    [(first, second)] = tally.messages
    assert second == (*first, OTHER_TEXT)
