"""A journey's pages over HTTP: every step is shown and taken the same way."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from gateway.ids import new_id
from gateway.portal import sessions
from gateway.portal.forms import Problem, Refused
from gateway.portal.here import Here
from gateway.portal.journey import Away, Form, Journey, Step, View, Wrong
from gateway.portal.journeys import JOURNEYS
from gateway.portal.pages import branded, page, see_other
from gateway.portal.signed import form_of, keep_answers, signed_in, to_start
from gateway.portal.site import Site


def _find(request: web.Request) -> tuple[Journey, str, Step]:
    """Raises Refused(404)."""
    journey = JOURNEYS.get(request.match_info["journey"])
    if journey is None:
        raise Refused(404)
    name = request.match_info.get("step", journey.first)
    if name not in journey.steps:
        raise Refused(404)
    return journey, name, journey.steps[name]


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/{journey} and /p/{token}/{journey}/{step}."""
    journey, name, step = _find(request)
    here = await signed_in(site, request, journey.name)
    if here is None:
        return to_start(site, request)
    return await _shown(here, name, step, here.answers, [])


async def take(site: Site, request: web.Request) -> web.Response:
    """POST of a step's form: on to the next one, or the same again with what is wrong."""
    journey, name, step = _find(request)
    if step.take is None:
        raise Refused(405)
    found = await form_of(site, request, journey.name)
    if found is None:
        return to_start(site, request)
    here, form = found
    try:
        onward = await step.take(here, form)
    except Wrong as wrong:
        return await _shown(here, name, step, form, wrong.problems)
    await keep_answers(here)
    return _onward(here, onward)


def _onward(here: Here, onward: str | Away) -> web.Response:
    where = onward.url if isinstance(onward, Away) else here.path(here.journey, onward)
    return see_other(here.site, where)


async def _shown(
    here: Here, name: str, step: Step, entered: Form, problems: list[Problem]
) -> web.Response:
    view = await step.show(here)
    if not isinstance(view, View):
        return _onward(here, view)
    back = here.path("account") if step.back is None else here.path(here.journey, step.back)
    given: dict[str, Any] = {"back": back, "entered": entered, "errors": problems, **view.given}
    return shown(here, view.template, given, action=here.path(here.journey, name))


def shown(here: Here, template: str, given: Mapping[str, Any], *, action: str = "") -> web.Response:
    """A page behind the proof, with what all of them have."""
    own: dict[str, Any] = {
        "t": here.t,
        "path": here.path,
        "money": here.money,
        "day": here.day,
        "action": action,
        "csrf": sessions.csrf_token(here.site, here.secret),
        "form": new_id(),
        "back": None,
        "signed_in": True,
    }
    every = branded(here.config, here.texts, here.token) | own | dict(given)
    status = 422 if every["errors"] else 200
    return page(here.site, template, status=status, **every)
