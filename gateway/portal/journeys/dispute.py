"""Saying that the debt, or its amount, is not right. All that asks for it stops until a person has
looked."""

from collections.abc import Iterator

from domain.events import PortalStep
from gateway.portal.deeds import Deed, Make
from gateway.portal.here import Here, Now
from gateway.portal.journey import Journey, always
from gateway.portal.questions import answered, check, done, one_of, words
from gateway.portal.telling import commands_of, suspends

REASONS = (
    "not_mine",
    "amount",
    "paid",
    "unrecognised",
    "goods",
    "cancelled",
    "old",
    "fraud",
    "other",
)


def _intent(here: Here) -> str:
    return "identity_theft" if here.answers["reason"] == "fraud" else "dispute"


def _rows(here: Here) -> Iterator[tuple[str, ...]]:
    yield answered(here, "reason")
    yield answered(here, "words")


def _make(here: Here) -> Make:
    async def make(_: Now, __: str) -> Deed:
        intent = _intent(here)
        told = {"reason": here.answers["reason"], "words": here.answers["words"]}
        kind = suspends(intent)
        return Deed(PortalStep.DISPUTED, commands_of(intent, told), suspends=kind)

    return make


def _next(here: Here) -> list[str]:
    return [here.t("done_about"), here.t("done_next")]


JOURNEY = Journey(
    name="dispute",
    purpose="dispute",
    offered=always,
    steps={
        "reason": one_of("reason", REASONS, "words"),
        "words": words("words", "check", back="reason"),
        "check": check(_rows, _make, back="words", first="reason", needs=("reason", "words")),
        "done": done(_next),
    },
)
