"""What no single value shows: contradictions, rules that never apply, senders of two clients."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import pairwise

from domain.activity import TYPES
from domain.values import Invalid
from gateway.clients.conditions import flaws_of_conditions
from gateway.clients.contact_checks import contact_flaws
from gateway.clients.findings import Flaw, Location, twice
from gateway.clients.model import ClientConfig
from gateway.clients.options import parts
from gateway.clients.part import Part
from gateway.clients.payment_checks import flaws_of_payments
from gateway.clients.rules import CellPart, PlanPart, PromisePart, SettlementPart
from gateway.clients.sender_checks import flaws_of_senders

RISING: dict[type[Part], tuple[tuple[str, ...], ...]] = {
    PlanPart: (
        ("smallest_last_minor", "smallest_minor"),
        ("fewest", "most", "most_assessed"),
        ("first_earliest_days", "first_usual_days", "first_latest_days"),
    ),
}
"""Bounds of which none may be above the next."""

LEAST_YEARS = {"US": (3, "12 CFR 1006.100")}
SHORTENERS = frozenset(
    "bit.ly bitly.com buff.ly cutt.ly goo.gl is.gd ow.ly rb.gy rebrand.ly shorturl.at t.co t.ly"
    " tiny.cc tinyurl.com".split()
)


def flaws_of(config: ClientConfig) -> Iterator[Flaw]:
    """What is wrong in one client's file although each of its values is right."""
    for name in ("promise", "plan", "settlement"):
        part = getattr(config, name)
        if part is not None:
            yield from _bounds((name,), part, part)
    yield from _options(config)
    options = [option.when for option in config.options]
    yield from flaws_of_conditions("options", options, config.jurisdiction)
    yield from _sequences(config)
    for jurisdiction in config.jurisdictions:
        yield from contact_flaws(config.contact, jurisdiction)
        yield from _kept_too_short(config, jurisdiction)
    yield from flaws_of_senders(config)
    yield from flaws_of_payments(config)
    yield from _webhooks(config)
    for name in ("jurisdictions", "locales", "allowed_networks"):
        yield from twice((name,), getattr(config, name))
    yield from twice(("verification", "facts"), config.verification.facts)
    yield from _calendar(config)
    yield from _table(config)
    domain = config.links.domain
    if domain is not None and any(f".{domain}".endswith(f".{known}") for known in SHORTENERS):
        mend = "use a host name of the client's own"
        yield Flaw(("links", "domain"), "shortener", f"{domain} is a public shortener", mend)


def flaws_between(clients: Sequence[tuple[str, ClientConfig]]) -> Iterator[tuple[int, Flaw]]:
    """What is wrong between files (or clients in force), named by the first of each pair, with
    the number of the later one, in which it is shown."""
    described: dict[str, str] = {}
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for number, (name, config) in enumerate(clients):
        first = described.setdefault(config.client, name)
        if first != name:
            reason = f"{config.client} is described by {first} already"
            yield number, Flaw(("client",), "client-twice", reason, "keep one file for each client")
            continue
        for place, sender in enumerate(config.senders):
            owner = (config.client, name)
            # Mailboxes differ by their letters only on paper.
            address = (sender.channel, sender.address.casefold())
            other, where = owners.setdefault(address, owner)
            if other != config.client:
                reason = f"{sender.address} is a sender of {other} too ({where})"
                at = ("senders", place, "address")
                yield number, Flaw(at, "sender-twice", reason, "give each client its own")


def _bounds(at: Location, whole: Part, named: Part) -> Iterator[Flaw]:
    """Contradictions of `whole`, at the keys that `named` has in the file."""
    found = False
    if isinstance(whole, PlanPart):
        yield from _plan(at, whole, named)
    for row in RISING.get(type(whole), ()):
        for low, high in pairwise(row):
            one, other = getattr(whole, low), getattr(whole, high)
            if one > other:
                found = True
                key = low if low in named.model_fields_set else high
                reason = f"{low} ({one}) is above {high} ({other})"
                yield Flaw((*at, key), "bounds", reason, f"raise {high} or lower {low}")
    if isinstance(whole, SettlementPart):
        yield from _ways(at, whole, named)
    if isinstance(whole, PromisePart):
        yield from _reminders(at, whole, named)
    elif isinstance(whole, SettlementPart) and not whole.grid:
        mend = "add a grid with what is offered, or leave settlement out"
        yield Flaw(at, "never-applies", "without a grid nothing is ever offered", mend)
    elif not found and isinstance(whole, PlanPart | SettlementPart):
        try:
            whole.rules  # noqa: B018
        except Invalid as error:
            yield _contradiction(at, str(error))


def _contradiction(at: Location, told: str) -> Flaw:
    """What the domain says of its rules; `grid[2]: why` is the third cell of a list."""
    place, colon, reason = told.partition(": ")
    name, bracket, number = place.partition("[")
    if not colon or " " in place:
        return Flaw(at, "bounds", told, "change one of them")
    where: Location = (*at, name, int(number.rstrip("]"))) if bracket else (*at, name)
    if "leave it nothing" in reason:
        mend = "put it before them, or remove it"
        return Flaw(where, "never-applies", reason, mend)
    return Flaw(where, "bounds", reason, "change one of them")


def _plan(at: Location, whole: PlanPart, named: Part) -> Iterator[Flaw]:
    """What stands in lists of a plan's rules."""
    if "frequencies" in named.model_fields_set:
        yield from twice((*at, "frequencies"), whole.frequencies)
    if "usual_counts" not in named.model_fields_set:
        return
    yield from twice((*at, "usual_counts"), whole.usual_counts)
    most = max(whole.most, whole.most_assessed)
    for number, count in enumerate(whole.usual_counts):
        if not whole.fewest <= count <= most:
            reason = f"no plan has {count} instalments: they have {whole.fewest} to {most}"
            mend = "write a number between, or leave it out"
            yield Flaw((*at, "usual_counts", number), "never-applies", reason, mend)


def _ways(at: Location, whole: SettlementPart, named: Part) -> Iterator[Flaw]:
    """A way that takes all of the greatest discount back, which is the grid's, or the host's where
    a floor lets it go further."""
    most = max((_greatest(cell) for cell in whole.grid), default=100)
    for number, way in enumerate(whole.ways):
        if most and way.less_percent >= most:
            of_file = "ways" in named.model_fields_set
            where = (*at, "ways", number, "less_percent") if of_file else (*at, "grid")
            reason = f"{way.count} payments for {way.less_percent} points less leave no discount"
            mend = "write fewer points, or leave the way out"
            yield Flaw(where, "never-applies", reason, mend)


def _greatest(cell: CellPart) -> int:
    floor = 100 if cell.floor_percent is None else cell.floor_percent
    return max(cell.discount_percent, 100 - floor)


def _reminders(at: Location, whole: PromisePart, named: Part) -> Iterator[Flaw]:
    if "reminder_days" not in named.model_fields_set:
        return
    for number, days in enumerate(whole.reminder_days):
        if days >= whole.latest_days:
            reason = f"no promise lies {days} days ahead: latest_days is {whole.latest_days}"
            mend = "remind later, or allow later promises"
            yield Flaw((*at, "reminder_days", number), "never-applies", reason, mend)
    yield from twice((*at, "reminder_days"), whole.reminder_days)


def _options(config: ClientConfig) -> Iterator[Flaw]:
    """An option with the client's own rules may keep accounts from those after it; the last one
    has nothing to keep them from."""
    own = config.promise, config.plan, config.settlement
    for number, option in enumerate(config.options):
        at: Location = ("options", number)
        if option.model_fields_set <= {"when"}:
            mend = "name promise, plan or settlement with what is different, or remove it"
            yield Flaw(at, "never-applies", "it changes nothing", mend)
        elif "promise" in option.model_fields_set and option.promise is None:
            mend = "name what is different, or remove it"
            yield Flaw((*at, "promise"), "value", "promises can't be taken away", mend)
        elif number == len(config.options) - 1 and parts(config, option) == own:
            reason = "it changes nothing: the client's own rules are the same"
            yield Flaw(at, "never-applies", reason, "write what is different, or remove it")
        merged = zip(("promise", "plan", "settlement"), parts(config, option), strict=True)
        for name, whole in merged:
            change = getattr(option, name)
            if whole is not None and change is not None:
                yield from _bounds((*at, name), whole, change)


def _sequences(config: ClientConfig) -> Iterator[Flaw]:
    """Each by itself: an account may meet several."""
    yield from twice(("sequences",), [sequence.name for sequence in config.sequences], "name")
    for number, sequence in enumerate(config.sequences):
        when = [sequence.when]
        yield from flaws_of_conditions("sequences", when, config.jurisdiction, number)


def _kept_too_short(config: ClientConfig, jurisdiction: str) -> Iterator[Flaw]:
    least, source = LEAST_YEARS.get(jurisdiction, (0, ""))
    if config.retention.years < least:
        reason = f"{jurisdiction} asks for {least} years ({source})"
        yield Flaw(("retention", "years"), "retention", reason, f"write {least} or more")


def _webhooks(config: ClientConfig) -> Iterator[Flaw]:
    yield from twice(("webhooks",), [hook.url for hook in config.webhooks], "url")
    for number, hook in enumerate(config.webhooks):
        for place, name in enumerate(hook.types or ()):
            if name not in TYPES:
                close = get_close_matches(name, TYPES, 1)
                mend = f"did you mean {close[0]}?" if close else "docs/webhooks.md lists them"
                at: Location = ("webhooks", number, "types", place)
                yield Flaw(at, "value", f"there is no event {name}", mend)
        yield from twice(("webhooks", number, "types"), hook.types or ())


def _calendar(config: ClientConfig) -> Iterator[Flaw]:
    if config.calendar is None:
        return
    from domain.business_days import Calendar

    try:
        Calendar.named(config.calendar)
    except Invalid as error:
        mend = "write a country and, where it matters, its part, such as GB-SCT"
        yield Flaw(("calendar",), "value", str(error), mend)


def _table(config: ClientConfig) -> Iterator[Flaw]:
    if config.affordability is None:
        return
    from domain.affordability_tables import SHIPPED, shipped

    at, name = ("affordability", "table"), config.affordability.table
    if name not in SHIPPED:
        usable = ", ".join(each for each in SHIPPED if not shipped(each).example_figures)
        yield Flaw(at, "value", f"no table {name}", f"there is {usable}")
        return
    table = shipped(name)
    if table.currency not in (None, config.currency):
        reason = f"its figures are in {table.currency}, the client's currency is {config.currency}"
        yield Flaw(at, "bounds", reason, "choose another table")
    if table.example_figures:
        reason = f"the figures of {name} are made up, to show its shape"
        yield Flaw(at, "value", reason, "choose a table with figures that the client may use")
