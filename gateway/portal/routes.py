"""Every route of the customer's pages, guarded so that no request meets a bare error."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from gateway.portal import (
    about,
    account,
    asking,
    codes,
    landing,
    outcome,
    pages,
    sandbox,
    unsubscribe,
    walking,
    wallet,
)
from gateway.portal.forms import Refused
from gateway.portal.quiet import quote_no_requests
from gateway.portal.site import Site
from gateway.storage import StoreError
from payment_links.providers import ProviderFailed

log = structlog.get_logger()

Page = Callable[[Site, web.Request], Awaitable[web.Response]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(site: Site) -> list[web.RouteDef]:
    """To be added to an aiohttp application. The sandbox's pages are found only where a
    client uses it.

    Serve it without an access log (`access_log=None`): the paths hold secrets.
    """
    quote_no_requests()
    made = [
        web.get("/p/{token}", _guarded(site, landing.show)),
        web.post("/p/{token}", _guarded(site, landing.verify)),
        web.post("/p/{token}/new", _guarded(site, asking.ask_again)),
        web.get("/p/{token}/account", _guarded(site, account.show)),
        web.post("/p/{token}/account", _guarded(site, account.pay)),
        web.get("/p/{token}/result", _guarded(site, outcome.result)),
        web.post("/p/{token}/logout", _guarded(site, account.leave)),
        web.get("/portal/return/{payment_id}", _guarded(site, outcome.come_back)),
        web.get("/p/{token}/wallet", _guarded(site, wallet.show)),
        web.post("/p/{token}/wallet", _guarded(site, wallet.change)),
        web.get("/portal/saved/{setup_id}", _guarded(site, wallet.come_back)),
        web.get("/u/{token}", _guarded(site, unsubscribe.show)),
        web.post("/u/{token}", _guarded(site, unsubscribe.stop)),
        web.get("/p/{token}/code", _guarded(site, codes.show)),
        web.post("/p/{token}/code", _guarded(site, codes.enter)),
        web.post("/p/{token}/code/new", _guarded(site, codes.ask)),
        web.get("/p/{token}/about/{page}", _guarded(site, about.show)),
        web.get("/p/{token}/{journey}", _guarded(site, walking.show)),
        web.get("/p/{token}/{journey}/{step}", _guarded(site, walking.show)),
        web.post("/p/{token}/{journey}", _guarded(site, walking.take)),
        web.post("/p/{token}/{journey}/{step}", _guarded(site, walking.take)),
        web.get(pages.STYLE_ROUTE, _style),
        web.post("/payments/{provider}/webhook", _guarded(site, outcome.webhook)),
    ]
    path = f"{sandbox.PATH}/{{reference}}"
    made += [
        web.get(path, _guarded(site, sandbox.show)),
        web.post(path, _guarded(site, sandbox.pay)),
        web.post(f"{path}/back", _guarded(site, sandbox.give_back)),
    ]
    return made


def _guarded(site: Site, handler: Page) -> Handler:
    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(site, request)
        except Refused as refused:
            return pages.trouble(site, request, refused.status)
        except ProviderFailed as error:
            log.error("portal.provider_failed", page=handler.__name__, error=str(error))
            return pages.trouble(site, request, 502)
        except StoreError as error:
            log.error("portal.store_failed", page=handler.__name__, error=str(error))
            return pages.trouble(site, request, 503)
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            log.exception("portal.page_failed", page=handler.__name__)
            return pages.trouble(site, request, 500)

    return guarded


async def _style(request: web.Request) -> web.Response:
    return pages.style(request)
