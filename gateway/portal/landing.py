"""The neutral first page behind a link, and the proof of who is there."""

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from domain.values import Invalid, Token
from gateway.clients import ClientConfig
from gateway.links.ending import expire_one
from gateway.portal import sessions, visits
from gateway.portal.forms import Problem, Refused, check_origin, read_form
from gateway.portal.here import languages_of, texts_for
from gateway.portal.identity import Claim, Proof, prove
from gateway.portal.journeys import JOURNEYS
from gateway.portal.pages import branded, month_first, page, see_other
from gateway.portal.site import Site, host
from gateway.portal.texts import LANGUAGES, Texts, base_of
from gateway.portal.visits import Visit
from gateway.storage import Transaction
from payment_links.link import LinkState
from payment_links.tokens import token_hash, well_formed
from payment_links.verification import (
    Fact,
    asked,
    parse_date,
    parse_last_four,
    parse_postcode,
)
from payment_links.visitors import is_machine


def hash_of(request: web.Request) -> str:
    """The hash of the token in the path. Raises Refused(404)."""
    text = request.match_info["token"]
    if not well_formed(text):
        raise Refused(404)
    return token_hash(Token(text))


async def find_live(site: Site, request: web.Request) -> Visit:
    """The link behind the path. Raises Refused: 410 besides what find_any raises."""
    visit = await find_any(site, request)
    if visit.state is not LinkState.LIVE:
        await _expired(site, visit)
        raise Refused(410)
    return visit


async def find_any(site: Site, request: web.Request) -> Visit:
    """The link behind the path, live or not. Raises Refused: 404, or 429 for whoever tries many;
    where they are a flood, without a look at the store."""
    if site.throttles.flood.refused(site.visitor(request), site.store.clock()):
        raise Refused(429)
    try:
        hashed = hash_of(request)
    except Refused:
        raise await _unknown(site, request) from None

    async def read(tx: Transaction) -> Visit | None:
        return await visits.find(tx, hashed)

    visit: Visit | None = await site.store.read(read)
    if visit is None or foreign(site, request, visit):
        raise await _unknown(site, request)
    return visit


async def _unknown(site: Site, request: web.Request) -> Refused:
    visitor, now = site.visitor(request), site.store.clock()
    await site.throttles.flood.take(visitor, now)
    return Refused(429 if await site.throttles.unknown.take(visitor, now) else 404)


def foreign(site: Site, request: web.Request, visit: Visit) -> bool:
    """Whether the link is asked for on another client's own host."""
    asked_of = host(request)
    own = site.client_config(visit.row.client).links.domain
    return asked_of != own and asked_of in site.domains()


async def _expired(site: Site, visit: Visit) -> None:
    """The first visit after a link's end puts it on record."""
    if visit.state is LinkState.EXPIRED and visit.row.expired_at is None:
        await site.store.transact("link-expired", lambda tx: expire_one(tx, visit.row.id))


def notice(site: Site, request: web.Request, visit: Visit, name: str, status: int) -> web.Response:
    """A page that only tells; `name` is that of its texts, title and advice."""
    texts = texts_for(site, request, visit)
    given = {"title": texts(f"{name}_title"), "advice": texts(f"{name}_advice")}
    return page(site, "notice.html", status=status, **every(site, request, visit), **given)


def every(site: Site, request: web.Request, visit: Visit) -> dict[str, Any]:
    config = site.client_config(visit.row.client)
    texts = texts_for(site, request, visit)
    chosen = base_of(texts.language)
    others = [(name, LANGUAGES[name]) for name in languages_of(config) if name != chosen]
    given = branded(config, texts, request.match_info["token"])
    return given | {"languages": others}


def identity_page(
    site: Site, request: web.Request, visit: Visit, problems: list[Problem]
) -> web.Response:
    """The form of two facts; never with what was entered before."""
    if visit.tries.locked(site.store.clock()):
        return notice(site, request, visit, "identity.locked", 429)
    config = site.client_config(visit.row.client)
    wanted = asked(visit.facts, order(config))
    if wanted is None:
        return notice(site, request, visit, "identity.unknowable", 200)
    return page(
        site,
        "identity.html",
        status=422 if problems else 200,
        **every(site, request, visit)
        | {"wanted": [fact.value for fact in wanted], "errors": problems},
    )


def order(config: ClientConfig) -> tuple[Fact, ...]:
    """The facts that a client asks for; the first two that are known are asked."""
    return tuple(map(Fact, config.verification.facts))


async def show(site: Site, request: web.Request) -> web.Response:
    """GET and HEAD /p/{token}: changes nothing, whoever looks."""
    visit = await find_live(site, request)
    if is_machine(request.method, request.headers):
        await note_machine(site, visit)
    chosen = request.query.get("language")
    if chosen in LANGUAGES:
        response = see_other(site, f"/p/{request.match_info['token']}")
        sessions.set_language(response, site, chosen)
        return response
    return identity_page(site, request, visit, [])


async def note_machine(site: Site, visit: Visit) -> None:
    """A few of them are put on record for each link; the rest are not worth a row."""
    if await site.throttles.prefetches.take(visit.row.id, site.store.clock()):
        return

    async def record(tx: Transaction) -> None:
        tx.record(visit.event(tx, "link.prefetched"))

    await site.store.transact("portal-prefetched", record)


async def verify(site: Site, request: web.Request) -> web.Response:
    """POST /p/{token}: two facts against a session."""
    check_origin(request, site)
    visit = await find_live(site, request)
    form = await read_form(request)
    config = site.client_config(visit.row.client)
    wanted = asked(visit.facts, order(config))
    first = "month" if month_first(config) else "day"
    texts = texts_for(site, request, visit)
    given, problems = _read_facts(form, wanted or (), first, texts)
    if wanted is None or problems:
        if is_machine(request.method, request.headers):
            await note_machine(site, visit)
        return identity_page(site, request, visit, problems)
    await throttle(site, request, visit)
    secret = sessions.new_secret()
    claim = Claim(hash_of(request), given, sessions.hashed(secret), order(config))
    proof: Proof = await site.store.transact("portal-verify", lambda tx: prove(tx, claim))
    match proof:
        case Proof.VERIFIED:
            response = see_other(site, f"/p/{request.match_info['token']}/{goal(visit)}")
            sessions.set_cookie(response, site, secret)
            return response
        case Proof.FAILED:
            no_match = texts_for(site, request, visit)("identity.no_match")
            return identity_page(site, request, visit, [Problem("main", None, no_match)])
        case Proof.LOCKED:
            return notice(site, request, visit, "identity.locked", 429)
        case Proof.UNKNOWABLE:
            return notice(site, request, visit, "identity.unknowable", 200)
        case Proof.GONE:
            raise Refused(410)


def goal(visit: Visit) -> str:
    """Where a link leads once the visitor is known."""
    purpose = visit.row.purpose
    named = (name for name, journey in JOURNEYS.items() if journey.purpose == purpose)
    return "account" if purpose == "pay" else next(named, "account")


async def throttle(site: Site, request: web.Request, visit: Visit) -> None:
    now, throttles = site.store.clock(), site.throttles
    waits = (
        await throttles.visitor.take(site.visitor(request), now),
        await throttles.link.take(visit.row.id, now),
        await throttles.account.take(visit.row.account_id, now),
    )
    if any(waits):
        raise Refused(429)


_PARSERS: dict[Fact, tuple[str, Callable[[Mapping[str, str]], str]]] = {
    Fact.DATE_OF_BIRTH: (
        "date_of_birth",
        lambda form: parse_date(*(form.get(name, "") for name in ("day", "month", "year"))),
    ),
    Fact.POSTCODE: ("postcode", lambda form: parse_postcode(form.get("postcode", ""))),
    Fact.LAST_FOUR: ("last_four", lambda form: parse_last_four(form.get("last_four", ""))),
}


def _read_facts(
    form: Mapping[str, str], wanted: tuple[Fact, ...], first: str, texts: Texts
) -> tuple[dict[Fact, str], list[Problem]]:
    """`first`: the first input of a date, to which its problem leads."""
    given: dict[Fact, str] = {}
    problems: list[Problem] = []
    for fact in wanted:
        group, parse = _PARSERS[fact]
        try:
            given[fact] = parse(form)
        except Invalid as error:
            field = first if fact is Fact.DATE_OF_BIRTH else group
            problems.append(Problem(field, group, texts(f"identity.{group}_{error}")))
    return given, problems
