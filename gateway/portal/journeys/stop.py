"""Stopping our messages: texts, emails, or all contact. It counts at once."""

from collections.abc import Iterator

from domain.commands import Command, OptOut
from domain.events import PortalStep
from domain.values import ChannelKind
from gateway.portal.deeds import Deed, Done, Make
from gateway.portal.here import Here, Now
from gateway.portal.journey import Journey, always
from gateway.portal.questions import answered, check, done, one_of
from gateway.portal.telling import commands_of

WHAT = ("sms", "email", "both", "all")
METHOD = "portal"


def _commands(what: str) -> tuple[Command, ...]:
    match what:
        case "all":
            return (*commands_of("cease_contact", {}), OptOut(everything=True, method=METHOD))
        case "both":
            return (OptOut(channels=(ChannelKind.SMS, ChannelKind.EMAIL), method=METHOD),)
    return (OptOut(channels=(ChannelKind(what),), method=METHOD),)


def _rows(here: Here) -> Iterator[tuple[str, ...]]:
    yield answered(here, "what")


def _make(here: Here) -> Make:
    async def make(_: Now, __: str) -> Deed:
        return Deed(PortalStep.STOPPED, _commands(here.answers["what"]))

    return make


def _keep(here: Here, _: Done) -> dict[str, str]:
    return {"what": here.answers["what"]}


def _next(here: Here) -> list[str]:
    return [here.t(f"done_{here.answers['what']}"), here.t("done_next")]


JOURNEY = Journey(
    name="stop",
    offered=always,
    steps={
        "what": one_of("what", WHAT, "check"),
        "check": check(_rows, _make, back="what", first="what", needs=("what",), keep=_keep),
        "done": done(_next),
    },
)
