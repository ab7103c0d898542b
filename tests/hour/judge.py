"""What the stand-in's own log says against a gateway: doubled, lost, after an opt-out, too fast."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from channels.fit import fit
from domain.messages import ALWAYS
from domain.values import ChannelKind
from tests.senders.given import breaches

WENT = {"sent", "delivered", "undelivered"}
NEVER = {"suppressed", "cancelled", "waits"}


class Taken(Struct, frozen=True):
    """A message that the provider has taken; `attempt` as its status callback names it."""

    at: float
    to: str
    sender: str
    body: str
    attempt: str


class Kept(Struct, frozen=True):
    """A message as the store has it in the end: its status, or "waits" where the contact rules let
    it wait for another day. Its text is like no other's."""

    id: str
    address: str
    text: str
    category: str
    status: str
    reason: str | None = None


class Choice(Struct, frozen=True):
    """`out` is an opt-out, otherwise an opt-in; `at` is the moment of its commit."""

    at: float
    address: str
    out: bool


class Trial(Struct, frozen=True):
    """`claims` are moments, by attempt; `late` the attempts that stood still at the very wire,
    after the last look at their lease; `on_way` seconds from a claim to the end of its call;
    `unheard` the ids of customers' texts that were answered 2xx and are not in the store."""

    taken: Sequence[Taken]
    kept: Sequence[Kept]
    choices: Sequence[Choice]
    claims: Mapping[str, float]
    paces: Mapping[str, float]
    on_way: float
    late: frozenset[str] = frozenset()
    unheard: Sequence[str] = ()

    def problems(self) -> list[str]:
        return [*self.exactness(), *self.opt_outs(), *self.pace()]

    def exactness(self) -> list[str]:
        times = Counter((one.to, one.body) for one in self.taken)
        found = []
        for kept in self.kept:
            went = times.pop((kept.address, kept.text), 0)
            state = f"{kept.status} ({kept.reason})" if kept.reason else kept.status
            if went > 1:
                found.append(f"{kept.id} is {state} and went {went} times")
            elif kept.status in WENT and not went:
                found.append(f"{kept.id} is {state} and was never taken")
            elif went and (kept.status in NEVER or _failed(kept)):
                found.append(f"{kept.id} is {state} and went all the same")
            elif kept.status not in {*WENT, *NEVER, "failed"}:
                found.append(f"{kept.id} is {state} in the end")
        found += [f"the text {sid} was lost" for sid in self.unheard]
        return found + [f"nobody's: {body!r} to {to}" for to, body in times]

    def opt_outs(self) -> list[str]:
        categories = {(kept.address, kept.text): kept.category for kept in self.kept}
        choices: defaultdict[str, list[Choice]] = defaultdict(list)
        for choice in sorted(self.choices, key=lambda each: each.at):
            choices[choice.address].append(choice)
        confirmed: Counter[tuple[str, float]] = Counter()
        found = []
        for one in self.taken:
            claimed = self.claims.get(one.attempt, one.at)
            before = [choice for choice in choices[one.to] if choice.at < claimed]
            if one.attempt not in self.late and one.at > claimed + self.on_way:
                found.append(f"{one.to} was written to {one.at - claimed:.1f} s after the claim")
            if not before or not before[-1].out:
                continue
            category = categories.get((one.to, one.body), "")
            if category not in ALWAYS:
                found.append(f"{one.to} was written to at {one.at:.3f}, after its opt-out")
            elif category == "confirmation":
                confirmed[one.to, before[-1].at] += 1
        more = [key for key, count in confirmed.items() if count > 1]
        return found + [f"{to} had its opt-out of {at:.3f} confirmed twice" for to, at in more]

    def pace(self) -> list[str]:
        found = []
        for sender, pace in self.paces.items():
            seen = [(one.at, segments(one.body)) for one in self.taken if one.sender == sender]
            found += [f"{sender}: {breach}" for breach in breaches(seen, pace)]
        return found


def segments(body: str) -> int:
    return fit(body, ChannelKind.SMS).segments


def _failed(kept: Kept) -> bool:
    """Surely: where nobody could tell, a person decides."""
    return kept.status == "failed" and kept.reason != "undecided"
