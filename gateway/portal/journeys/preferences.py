"""When and how a customer wants to be written to. The times are kept by the contact rules."""

from collections.abc import Iterator

from domain.commands import Command, KeepTimes, Log
from domain.events import PortalStep
from domain.windows import DAYS, Kind, OwnWindow, windows
from domain.windows import told as window_told
from gateway.portal.deeds import Deed, Make
from gateway.portal.here import Here, Now
from gateway.portal.journey import Journey, always
from gateway.portal.questions import answered, check, done, one_of

CHANNELS = ("sms", "email", "either")
DAYS_OF = {"any": DAYS, "weekdays": DAYS[:5], "weekends": DAYS[5:]}
HOURS_OF = {"any": (0, 0), "mornings": (8, 12), "afternoons": (12, 17), "evenings": (17, 21)}


def _windows(days: str, hours: str) -> tuple[OwnWindow, ...]:
    opens, closes = HOURS_OF[hours]
    if hours == "any":
        return (OwnWindow(kind=Kind.ONLY, days=DAYS_OF[days]),)
    return windows(Kind.ONLY, DAYS_OF[days], opens * 60, closes * 60)


def _rows(here: Here) -> Iterator[tuple[str, ...]]:
    for name in ("channel", "days", "hours"):
        yield answered(here, name)


def _make(here: Here) -> Make:
    async def make(_: Now, __: str) -> Deed:
        answers = here.answers
        kept = _windows(answers["days"], answers["hours"])
        told = {
            "channel": None if answers["channel"] == "either" else answers["channel"],
            "window": answers["hours"] if answers["hours"] != "any" else answers["days"],
            "times": [window_told(window) for window in kept],
        }
        commands: tuple[Command, ...] = (
            KeepTimes(kept),
            Log("preference.updated", {name: value for name, value in told.items() if value}),
        )
        return Deed(PortalStep.PREFERENCES, commands)

    return make


def _next(here: Here) -> list[str]:
    return [here.t("done_about"), here.t("done_stop")]


JOURNEY = Journey(
    name="preferences",
    purpose="preferences",
    offered=always,
    steps={
        "channel": one_of("channel", CHANNELS, "days"),
        "days": one_of("days", tuple(DAYS_OF), "hours", back="channel"),
        "hours": one_of("hours", tuple(HOURS_OF), "check", back="days"),
        "check": check(
            _rows, _make, back="hours", first="channel", needs=("channel", "days", "hours")
        ),
        "done": done(_next),
    },
)
