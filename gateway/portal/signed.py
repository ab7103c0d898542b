"""Who is on a page behind the proof."""

from aiohttp import web

from gateway.portal import sessions
from gateway.portal.forms import check_csrf, check_origin, read_form
from gateway.portal.here import Here, texts_for
from gateway.portal.journey import Form
from gateway.portal.landing import find_live
from gateway.portal.pages import see_other
from gateway.portal.site import Site
from gateway.storage import Transaction


async def signed_in(site: Site, request: web.Request, journey: str = "") -> Here | None:
    """None where nobody has proved who they are, or the session has ended. Puts its end off.
    Raises Refused as find_live does."""
    visit = await find_live(site, request)
    secret = sessions.read_cookie(request, site)
    if secret is None:
        return None
    hashed, link_id = sessions.hashed(secret), visit.row.id

    async def read(tx: Transaction) -> sessions.Session | None:
        return await sessions.find(tx, hashed, link_id)

    session: sessions.Session | None = await site.store.read(read)
    if session is None:
        return None
    if session.ends_soon(site.store.clock()):
        await site.store.transact("portal-stay", lambda tx: sessions.extend(tx, hashed, session))
    answers = dict(session.answers.get(journey, {}))
    return Here(site, request, visit, secret, texts_for(site, request, visit), answers, journey)


async def form_of(site: Site, request: web.Request, journey: str = "") -> tuple[Here, Form] | None:
    """The visitor and the form they have sent; None as above. Raises Refused for a forged one."""
    check_origin(request, site)
    here = await signed_in(site, request, journey)
    form = await read_form(request)
    if here is None:
        return None
    check_csrf(form, sessions.csrf_token(site, here.secret))
    return here, form


async def keep_answers(here: Here) -> None:
    """Those of the journey; the first are the beginning of it."""
    hashed = sessions.hashed(here.secret)

    async def work(tx: Transaction) -> None:
        if await sessions.answer(tx, hashed, here.journey, here.answers):
            tx.record(here.visit.event(tx, "portal.started", journey=here.journey))

    await here.site.store.transact("portal-answers", work)


def to_start(site: Site, request: web.Request) -> web.Response:
    return see_other(site, f"/p/{request.match_info['token']}")
