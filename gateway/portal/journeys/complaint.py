"""A complaint. Its clock starts here; a person must answer it by the day that the pack sets."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.events import PortalStep
from gateway.portal.deeds import Deed, Done, Make
from gateway.portal.here import Here, Now
from gateway.portal.journey import Journey, always
from gateway.portal.questions import answered, check, done, one_of, words
from gateway.portal.telling import commands_of

ABOUT = ("staff", "messages", "amount", "treatment", "payment", "other")


def _deadline(here: Here, today: date) -> date:
    return today + timedelta(days=here.site.complaint_days(here.config))


def _rows(here: Here) -> Iterator[tuple[str, ...]]:
    for name in ("about", "words", "wanted"):
        yield answered(here, name)


def _make(here: Here) -> Make:
    async def make(now: Now, _: str) -> Deed:
        answers, by = here.answers, _deadline(here, now.today)
        told = {name: answers[name] for name in ("about", "words", "wanted")}
        commands = commands_of("complaint", told | {"deadline": by.isoformat()}, by)
        return Deed(PortalStep.COMPLAINED, commands, due=by)

    return make


def _keep(here: Here, _: Done) -> dict[str, str]:
    return {"by": _deadline(here, here.today).isoformat()}


def _next(here: Here) -> list[str]:
    by = here.day(date.fromisoformat(here.answers["by"]))
    return [here.t("done_about", by=by), here.t(f"next_{here.config.jurisdiction.lower()}")]


JOURNEY = Journey(
    name="complaint",
    offered=always,
    steps={
        "about": one_of("about", ABOUT, "words"),
        "words": words("words", "wanted", back="about", needed=True),
        "wanted": words("wanted", "check", back="words"),
        "check": check(
            _rows,
            _make,
            back="wanted",
            first="about",
            needs=("about", "words", "wanted"),
            keep=_keep,
        ),
        "done": done(_next),
    },
)
