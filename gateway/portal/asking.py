"""From an expired page to a new link: one answer, whoever asks for whatever."""

from aiohttp import web

from gateway.links.asking import ask
from gateway.portal.forms import Refused, check_origin
from gateway.portal.landing import foreign, hash_of, note_machine
from gateway.portal.pages import page, preferred, unbranded
from gateway.portal.site import Site
from gateway.portal.texts import texts_of
from gateway.portal.visits import find
from gateway.storage import Transaction
from payment_links.link import LinkState
from payment_links.visitors import is_machine


async def ask_again(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}/new: asks for a new link in the place of an expired one.

    The same answer for a token that is nobody's, a link that lives or was revoked, and one that a
    new link is sent for. Raises Refused(429).
    """
    check_origin(request, site)
    now, visitor = site.store.clock(), site.visitor(request)
    if await site.throttles.asking.take(visitor, now):
        raise Refused(429)
    try:
        hashed = hash_of(request)
    except Refused:
        return _asked(site, request)

    async def read(tx: Transaction) -> object:
        return await find(tx, hashed)

    visit = await site.store.read(read)
    if visit is None or foreign(site, request, visit) or visit.state is not LinkState.EXPIRED:
        return _asked(site, request)
    if is_machine(request.method, request.headers):
        await note_machine(site, visit)
    elif not await site.throttles.asked.take(visit.row.id, now):
        await site.store.transact("link-asked", lambda tx: ask(tx, hashed))
    return _asked(site, request)


def _asked(site: Site, request: web.Request) -> web.Response:
    texts = texts_of(preferred(request))
    words = {name: texts(f"trouble.{name}_asked") for name in ("title", "advice")}
    return page(site, "notice.html", **unbranded(texts) | words)
