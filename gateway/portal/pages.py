"""Rendering: escaped templates, the same headers on every page, neutral pages for trouble."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp import web
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.context import Brand
from domain.values import Money
from gateway.portal.site import Site

HERE = Path(__file__).parent
STYLE = (HERE / "assets" / "portal.css").read_bytes()
STYLE_PATH = f"/portal/{hashlib.sha256(STYLE).hexdigest()[:16]}.css"

ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)

TROUBLE = {
    400: ("This request could not be read", "Go back and try again."),
    403: ("This page can't be used from there", "Open the link in your message again."),
    404: ("This page can't be found", "Open the link in your message again, or ask for a new one."),
    410: ("This link no longer works", "Reply to the message to ask for a new one."),
    413: ("That is too much", "Go back and enter less."),
    415: ("This request could not be read", "Go back and try again."),
    429: ("Too many tries", "Wait a while before you try again."),
    500: ("Something went wrong", "Nothing was changed. Try again later."),
    502: ("Payments can't be taken now", "You have not been charged. Try again later."),
    503: ("The service is busy", "Nothing was changed. Try again in a few minutes."),
}
"""Title and what to do, by status; they name neither the client nor the reason for the link."""


def style(_: web.Request) -> web.Response:
    """The style sheet; its name changes with its content."""
    return web.Response(
        body=STYLE,
        content_type="text/css",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


def page(
    site: Site, template: str, *, status: int = 200, leads_to: str | None = None, **given: Any
) -> web.Response:
    """A rendered page with the headers that every page has; `leads_to` is the origin of a page of
    ours that its form leads to, where that is on another host."""
    text = ENVIRONMENT.get_template(template).render(style=STYLE_PATH, **given)
    response = web.Response(text=text, content_type="text/html", status=status)
    return protect(response, site, leads_to)


def trouble(site: Site, status: int) -> web.Response:
    title, advice = TROUBLE.get(status, TROUBLE[500])
    return page(
        site,
        "notice.html",
        status=status,
        title=title,
        advice=advice,
        brand=None,
        dialled=None,
        lang="en",
    )


def see_other(site: Site, location: str) -> web.Response:
    return protect(web.Response(status=303, headers={"Location": location}), site)


def protect(response: web.Response, site: Site, leads_to: str | None = None) -> web.Response:
    """Nothing is kept, framed, indexed, sniffed or told to other sites."""
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow, noarchive",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Content-Security-Policy": _policy(site, leads_to),
        }
    )
    if site.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _policy(site: Site, leads_to: str | None) -> str:
    """Browsers hold redirects after a form to form-action too, so it names the providers. Those
    whose pages are ours are on the host that all clients share."""
    pages = sorted(
        {provider.origin or site.origin for provider in site.providers.values()}
        | ({leads_to} if leads_to else set())
    )
    return (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action " + " ".join(["'self'", *pages])
    )


def locale_of(name: str) -> Locale:
    """A client's locale such as en-GB; English where CLDR doesn't know it."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def shown_money(amount: Money, locale: str) -> str:
    return format_currency(amount.decimal, amount.currency, locale=locale_of(locale))


def shown_date(day: date, locale: str) -> str:
    return format_date(day, "long", locale=locale_of(locale))


def dialled(brand: Brand) -> str | None:
    """A tel: link's number, from one written for people."""
    digits = "".join(char for char in brand.phone or "" if char in "+0123456789")
    return digits or None
