"""What anyone may read behind a link, before any proof: how accessible the pages are, and what
becomes of what is entered."""

from aiohttp import web

from gateway.portal.forms import Refused
from gateway.portal.here import texts_for
from gateway.portal.landing import every, find_any
from gateway.portal.pages import page
from gateway.portal.site import Site

PAGES = ("accessibility", "privacy")


async def show(site: Site, request: web.Request) -> web.Response:
    """GET /p/{token}/about/{page}."""
    name = request.match_info["page"]
    if name not in PAGES:
        raise Refused(404)
    visit = await find_any(site, request)
    texts = texts_for(site, request, visit)
    brand = site.client_config(visit.row.client).branding
    lines = texts(f"{name}.text", brand=brand.name).strip().split("\n")
    given = every(site, request, visit) | {"title": texts(f"{name}.title"), "lines": lines}
    return page(site, "about.html", back=f"/p/{request.match_info['token']}", **given)
