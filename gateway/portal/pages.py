"""Rendering: escaped templates, the same headers on every page, neutral pages for trouble."""

import hashlib
from collections.abc import Sequence
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
from gateway.clients import ClientConfig
from gateway.portal.site import Site
from gateway.portal.texts import LANGUAGE_COOKIE, LANGUAGES, Texts, language_of, texts_of

HERE = Path(__file__).parent
STYLE = (HERE / "assets" / "portal.css").read_text("utf-8")
STYLE_NAME = hashlib.sha256(STYLE.encode()).hexdigest()[:16]
STYLE_ROUTE = f"/portal/{STYLE_NAME}-{{colour:[0-9a-f]{{6}}}}.css"
PLAIN = "#1d4e89"
"""The colour of pages that are nobody's."""
TROUBLES = (400, 403, 404, 405, 410, 413, 415, 429, 500, 502, 503)
"""The statuses that have words of their own; those name neither the client nor the reason for the
link."""

FEATURES = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read",
    "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer", "microphone",
    "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
    "serial", "storage-access", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""What browsers could allow a page, none of which ours has a use for."""

ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def style(request: web.Request) -> web.Response:
    """The style sheet in a brand's colour; its name changes with its content."""
    colour = request.match_info["colour"]
    return web.Response(
        text=f":root{{--brand:#{colour}}}\n{STYLE}",
        content_type="text/css",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


def style_path(colour: str) -> str:
    """`colour` is written #rrggbb."""
    return f"/portal/{STYLE_NAME}-{colour[1:].lower()}.css"


def page(
    site: Site, template: str, *, status: int = 200, leads_to: str | None = None, **given: Any
) -> web.Response:
    """A rendered page with the headers that every page has; `leads_to` is the origin of a page of
    ours that its form leads to, where that is on another host. `embed` in `given` are the origins
    of the client's own pages that may show it in a frame."""
    text = ENVIRONMENT.get_template(template).render(**given)
    response = web.Response(text=text, content_type="text/html", status=status)
    return protect(response, site, leads_to, given.get("embed", ()))


def trouble(site: Site, request: web.Request, status: int) -> web.Response:
    """A neutral page, in a language that the visitor's browser asks for. Where a link has ended, a
    new one may be asked for."""
    texts = texts_of(preferred(request))
    code = status if status in TROUBLES else 500
    token = request.match_info.get("token")
    return page(
        site,
        "notice.html",
        status=status,
        title=texts(f"trouble.title_{code}"),
        advice=texts(f"trouble.advice_{code}"),
        again=f"/p/{token}/new" if status == 410 and token else None,
        **unbranded(texts),
    )


def preferred(request: web.Request) -> str:
    """By the cookie of an earlier choice, then by Accept-Language, whose order is the browser's."""
    asked = request.headers.get("Accept-Language", "")[:200].split(",")
    names = [part.partition(";")[0].strip().partition("-")[0].lower() for part in asked]
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return language_of(*(name for name in (chosen, *names) if name in LANGUAGES))


def unbranded(texts: Texts) -> dict[str, Any]:
    """What every page has, of a page that is no client's."""
    return {
        "t": texts,
        "brand": None,
        "dialled": None,
        "lang": texts.language,
        "style": style_path(PLAIN),
        "errors": [],
        "entered": {},
        "action": "",
        "token": None,
        "languages": (),
        "signed_in": False,
    }


def branded(config: ClientConfig, texts: Texts, token: str | None = None) -> dict[str, Any]:
    """What every page of a client has."""
    brand = config.brand
    return unbranded(texts) | {
        "brand": config.branding,
        "dialled": dialled(config.branding),
        "style": style_path(brand.colour),
        "month_first": month_first(config),
        "embed": config.links.embed,
        "token": token,
    }


def month_first(config: ClientConfig) -> bool:
    """Whether a date's month stands before its day."""
    return config.jurisdiction == "US"


def see_other(site: Site, location: str) -> web.Response:
    return protect(web.Response(status=303, headers={"Location": location}), site)


def protect(
    response: web.Response, site: Site, leads_to: str | None = None, embed: Sequence[str] = ()
) -> web.Response:
    """Nothing is kept, indexed, sniffed or told to other sites, nor framed but by the origins in
    `embed`."""
    response.headers.update(
        {
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex, nofollow, noarchive",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
            "Content-Security-Policy": _policy(site, leads_to, embed),
        }
    )
    if not embed:  # where some may, only the policy can say which
        response.headers["X-Frame-Options"] = "DENY"
    if site.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def _policy(site: Site, leads_to: str | None, embed: Sequence[str]) -> str:
    """Browsers hold redirects after a form to form-action too, so it names the providers. Those
    whose pages are ours are on the host that all clients share."""
    pages = sorted(
        {provider.origin or site.origin for provider in site.providers.values()}
        | ({leads_to} if leads_to else set())
    )
    directives = {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": embed or ["'none'"],
        "form-action": ["'self'", *pages],
    }
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


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
