"""A sender's pace at the provider, however long claims, calls and standstills take."""

from dataclasses import dataclass, field
from math import floor

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.clients import Sender
from gateway.senders.pacing import COOL, Allotment, Grant, LocalPacing, Slot
from tests.senders.given import A, B, breaches, sender

HOLD = 16.0 + COOL
LATENCIES = st.floats(0, 3)


@dataclass
class Run:
    """Claims of one process on a clock of the test's own. The provider sees a message at a random
    moment between its call and its answer."""

    sender: Sender
    now: float = 1000.0
    seen: list[tuple[float, int]] = field(default_factory=list)
    answers: list[tuple[float, Slot]] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.pacing = LocalPacing(lambda: self.now)

    async def claim(
        self, wanted: list[int], commit: float, calls: list[tuple[float, float]]
    ) -> int:
        """Messages of `wanted` segments each; how many went. `calls`: how long until the provider
        sees it, and until it answers."""
        grants = await self.pacing.reserve([self.sender], HOLD)
        left, slots = Allotment(grants.granted), []
        for segments in wanted:
            if left.take(self.sender, segments):
                self.count += 1
                slots.append(Slot(self.sender, str(self.count), segments))
        self.now += commit
        await self.pacing.settle(grants, slots)
        for slot, (seen, answered) in zip(slots, calls, strict=False):
            self.seen.append((self.now + seen, slot.segments))
            self.answers.append((self.now + seen + answered, slot))
        return len(slots)

    async def forward(self, seconds: float) -> None:
        until = self.now + seconds
        for at, slot in sorted(self.answers, key=lambda each: each[0]):
            if at <= until:
                self.now = max(self.now, at)
                await self.pacing.done(slot)
                self.answers.remove((at, slot))
        self.now = until


STEPS = st.lists(
    st.tuples(
        st.lists(st.integers(1, 10), max_size=12),
        LATENCIES,
        st.lists(st.tuples(LATENCIES, LATENCIES), min_size=12, max_size=12),
        st.floats(0, 2.5),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60)
@given(pace=st.floats(0.05, 25), steps=STEPS)
async def test_no_sliding_second_holds_more_than_the_pace(
    pace: float, steps: list[tuple[list[int], float, list[tuple[float, float]], float]]
) -> None:
    run = Run(sender(pace=pace))
    for wanted, commit, calls, pause in steps:
        await run.claim(wanted, commit, calls)
        await run.forward(pause)
    assert breaches(run.seen, pace) == []


async def test_a_burst_is_a_seconds_worth_and_then_waits() -> None:
    run = Run(sender(pace=10))
    assert await run.claim([1] * 20, 0, [(0, 0)] * 20) == 10
    await run.forward(0.99)
    assert await run.claim([1] * 20, 0, [(0, 0)] * 20) == 0
    await run.forward(0.03)
    assert await run.claim([1] * 20, 0, [(0, 0)] * 20) == 10


@settings(max_examples=20)
@given(pace=st.integers(1, 20))
async def test_a_patient_sender_gets_nearly_its_pace(pace: int) -> None:
    """Asked ten times a second, with a provider that answers in a tenth of one."""
    run = Run(sender(pace=pace))
    for _ in range(100):
        await run.claim([1] * 50, 0, [(0.05, 0.05)] * 50)
        await run.forward(0.1)
    assert len(run.seen) >= floor(pace * 8)


async def test_a_text_longer_than_the_pace_goes_alone_and_is_waited_for() -> None:
    run = Run(sender(pace=2))
    assert await run.claim([7, 1], 0, [(0, 0)] * 2) == 1
    await run.forward(3.4)  # 7 segments at 2 a second are 3.5 seconds
    assert await run.claim([1], 0, [(0, 0)]) == 0
    await run.forward(0.2)
    assert await run.claim([1], 0, [(0, 0)]) == 1
    assert await run.claim([7], 0, [(0, 0)]) == 0, "something else counts yet"


async def test_a_lost_answer_counts_until_the_claims_hold_is_over() -> None:
    run = Run(sender(pace=1))
    assert await run.claim([1], 0, []) == 1
    await run.forward(HOLD - 0.1)
    assert await run.claim([1], 0, []) == 0
    await run.forward(0.2)
    assert await run.claim([1], 0, []) == 1


async def test_what_a_claim_does_not_use_is_free_at_once() -> None:
    run = Run(sender(pace=5))
    assert await run.claim([], 0, []) == 0
    assert await run.claim([1] * 9, 0, []) == 5


def test_a_message_that_does_not_fit_holds_up_those_after_it() -> None:
    left, slow = Allotment({A: Grant(2, False)}), sender(pace=5)
    assert [left.take(slow, n) for n in (1, 3, 1)] == [True, False, False]


def test_an_unpaced_sender_is_held_up_by_nothing() -> None:
    left = Allotment({})
    assert all(left.take(sender(B, None), 10) for _ in range(100))
    assert not left.take(sender(A), 1)


async def test_one_senders_pace_is_not_anothers() -> None:
    pacing = LocalPacing(lambda: 5.0)
    one, other = sender(A), sender(B)
    first = await pacing.reserve([one], HOLD)
    assert set(first.granted) == {A}
    assert set((await pacing.reserve([one, other], HOLD)).granted) == {B}


async def test_a_changed_pace_counts_at_once() -> None:
    run = Run(sender(pace=1))
    assert await run.claim([1] * 9, 0, []) == 1
    run.sender = sender(pace=4)
    assert await run.claim([1] * 9, 0, []) == 3


async def test_after_a_start_the_process_before_it_counts() -> None:
    now = 50.0
    pacing = LocalPacing(lambda: now, start=50.0)
    assert (await pacing.reserve([sender()], HOLD)).granted == {}
    now = 50.0 + COOL
    assert set((await pacing.reserve([sender()], HOLD)).granted) == {A}
