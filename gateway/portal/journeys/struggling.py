"""Saying that money is short, or that life is hard at present.

What touches health is kept only where the customer agrees to it (UK GDPR, article 9(2)(a)); without
that, a person learns that there is something, and asks.
"""

from collections.abc import Iterator

from domain.commands import Command
from domain.events import PortalStep
from gateway.portal.deeds import Deed, Done, Make
from gateway.portal.here import Here, Now
from gateway.portal.journey import Journey, always
from gateway.portal.questions import answered, any_of, check, done, one_of, words
from gateway.portal.telling import commands_of, suspends

CAUSES = ("job", "hours", "benefits", "bills", "family", "health", "other")
DRIVERS = ("health", "life_event", "resilience", "capability")
HELPS = ("time", "phone", "writing", "large_print", "somebody")
OPEN = "unspecified"
"""There is something, and a person is to ask."""


def _after_drivers(here: Here) -> str:
    return "consent" if here.answers["drivers"] else "helps"


def _rows(here: Here) -> Iterator[tuple[str, ...]]:
    yield answered(here, "cause")
    yield answered(here, "drivers")
    if here.answers["drivers"]:
        yield answered(here, "consent")
    yield answered(here, "helps")
    yield answered(here, "words")


def _make(here: Here) -> Make:
    async def make(_: Now, __: str) -> Deed:
        answers = here.answers
        told = {"category": answers["cause"], "words": answers["words"], "helps": answers["helps"]}
        commands: tuple[Command, ...] = commands_of("hardship", told)
        if not answers["drivers"]:
            return Deed(PortalStep.STRUGGLING, commands)
        agreed = answers.get("consent") == "yes"
        drivers = answers["drivers"].split(",") if agreed else [OPEN]
        codes = {"code": drivers[0], "codes": drivers, "consent": agreed}
        commands += commands_of("vulnerability", codes)
        return Deed(PortalStep.STRUGGLING, commands, suspends=suspends("vulnerability"))

    return make


def _keep(here: Here, _: Done) -> dict[str, str]:
    return {"person": "yes" if here.answers["drivers"] else "no"}


def _next(here: Here) -> list[str]:
    told = "done_person" if here.answers.get("person") == "yes" else "done_about"
    place = here.config.jurisdiction.lower()
    lines = [here.t(told), here.t(f"advice_{place}"), here.t(f"crisis_{place}")]
    return lines if here.config.affordability_rules is None else [*lines, here.t("done_form")]


JOURNEY = Journey(
    name="struggling",
    offered=always,
    steps={
        "cause": one_of("cause", CAUSES, "drivers"),
        "drivers": any_of("drivers", DRIVERS, _after_drivers, back="cause"),
        "consent": one_of("consent", ("yes", "no"), "helps", back="drivers"),
        "helps": any_of("helps", HELPS, "words", back="drivers"),
        "words": words("words", "check", back="helps"),
        "check": check(
            _rows,
            _make,
            back="words",
            first="cause",
            needs=("cause", "drivers", "helps", "words"),
            keep=_keep,
        ),
        "done": done(_next),
    },
)
