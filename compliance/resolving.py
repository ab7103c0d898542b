"""The rules in force for one customer at one moment: the strictest of all that may apply.

The pack of the message's jurisdiction comes first, then the packs of other countries that the
customer may be in, then overlays of the states and cities that they may be in, then the client's
own terms. Each may only add strictness; only a client's approved terms stand in place of the
jurisdiction's own, and never in place of an overlay's.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, reduce
from typing import Any, NamedTuple

from msgspec import Struct, structs

from compliance.pack import Amendment, Book, Overlay, Pack, is_in_force
from compliance.places import QUARTER, Where, countries, local_days, overlays
from compliance.rules import Basis, ContactRules, RuleTerms, Terms
from compliance.strictness import directions, met, whole

_QUARTER = int(QUARTER.total_seconds())

Laid = tuple[tuple[Pack, tuple[Overlay, ...]], ...]
"""The packs that apply, the message's own first, each with its overlays that do."""


class Approval(Struct, frozen=True):
    """Who has approved a looser term, on which day, and why; it counts from that day on."""

    by: str
    on: date
    reason: str


class Override(Struct, frozen=True, kw_only=True, eq=False):
    """A client's own term of one rule. `rule` is such as weekly_cap, `changes` its parameters."""

    rule: str
    changes: Mapping[str, Any]
    source: str
    basis: Basis = "practice"
    approval: Approval | None = None


class Own(Struct, frozen=True, kw_only=True, eq=False):
    """A client's own terms; `mark` goes with the version of every verdict by them."""

    overrides: tuple[Override, ...] = ()
    mark: str = ""


NOTHING_OWN = Own()


def rules_for(
    book: Book, jurisdiction: str, where: Where, now: datetime, own: Own = NOTHING_OWN
) -> ContactRules:
    """The rules by which a message for a customer is judged at `now` (aware).

    Around midnight of a change both days' versions count, as long as the customer may be in
    either. Raises NoRules where there are none for the country or the day.
    """
    pack = book.of(jurisdiction)
    days = local_days(where.zones or pack.territory.zones, int(now.timestamp()) // _QUARTER)
    place = where.country, where.postal_code
    others = countries(pack, *place, where.phones)
    packs = (pack, *map(book.of, others)) if others else (pack,)
    laid = tuple((each, overlays(each, *place, where.zones)) for each in packs)
    return _rules(laid, _epochs(packs, own, days), own)


@lru_cache(maxsize=1_024)
def _epochs(packs: tuple[Pack, ...], own: Own, days: tuple[date, ...]) -> tuple[date, ...]:
    """For each day the last one on which anything changed: until the next, rules stay the same
    objects, by which all caches go."""
    changes = {day for pack in packs for day in pack.changes}
    changes.update(each.approval.on for each in own.overrides if each.approval)
    return tuple(sorted({max((at for at in changes if at <= day), default=day) for day in days}))


@lru_cache(maxsize=4_096)
def _rules(laid: Laid, days: tuple[date, ...], own: Own) -> ContactRules:
    first = laid[0][0]
    terms: dict[str, Any] = {
        rule: _terms(rule, laid, days, own) for rule in RuleTerms.__struct_fields__
    }
    marks = dict.fromkeys(pack.version for pack, _ in laid)
    return ContactRules(
        jurisdiction=first.jurisdiction,
        version="+".join((*marks, own.mark) if own.mark else marks),
        territory=first.territory,
        terms=RuleTerms(**terms),
    )


def with_own(rules: ContactRules, own: Own) -> ContactRules:
    """Rules with a client's own terms laid over them, all approvals counted."""
    terms = {rule: getattr(rules.terms, rule) for rule in RuleTerms.__struct_fields__}
    for mine in own.overrides:
        lay = _approved if mine.approval else _owned
        terms[mine.rule] = lay(terms[mine.rule], mine)
    version = f"{rules.version}+{own.mark}"
    return structs.replace(rules, version=version, terms=RuleTerms(**terms))


def _terms(rule: str, laid: Laid, days: tuple[date, ...], own: Own) -> Terms:
    mine = [each for each in own.overrides if each.rule == rule]
    approved = [each for each in mine if each.approval and each.approval.on <= days[0]]
    first, *others = (_in_force(pack, rule, days) for pack, _ in laid)
    terms = reduce(_approved, approved, reduce(_strictest, first))
    terms = reduce(_strictest, (each for versions in others for each in versions), terms)
    for overlay in (each for _, here in laid for each in here):
        for version in overlay.amendments:
            if version.rule == rule and any(is_in_force(version, day) for day in days):
                terms = _amended(terms, version)
    return reduce(_owned, (each for each in mine if each not in approved), terms)


def _in_force(pack: Pack, rule: str, days: Iterable[date]) -> list[Terms]:
    """The versions of these days, the newest first: where nothing says which of two is stricter
    it goes by that one."""
    found: list[Terms] = []
    for day in days:
        terms = pack.in_force(rule, day)
        if not any(terms is each for each in found):
            found.insert(0, terms)
    return found


class _Source(NamedTuple):
    """What is laid over a rule, as the rule will say of itself."""

    id: str
    source: str
    basis: Basis
    since: date


def _strictest(ours: Terms, theirs: Terms) -> Terms:
    changes = {name: getattr(theirs, name) for name in directions(type(theirs))}
    named = _Source(theirs.id, theirs.source, theirs.basis, theirs.since)
    return _laid(ours, changes, met(ours, changes, complete=True), named)


def _amended(terms: Terms, version: Amendment) -> Terms:
    named = _Source(version.id, version.source, version.basis, version.since)
    return _laid(terms, version.changes, met(terms, version.changes), named)


def _owned(terms: Terms, mine: Override) -> Terms:
    named = _Source(f"own.{mine.rule}", mine.source, mine.basis, terms.since)
    return _laid(terms, mine.changes, met(terms, mine.changes), named)


def _approved(terms: Terms, mine: Override) -> Terms:
    approval = mine.approval
    if approval is None:
        return terms
    source = f"{mine.source} (approved by {approval.by} on {approval.on}: {approval.reason})"
    named = _Source(f"approved.{mine.rule}", source, mine.basis, approval.on)
    known = directions(type(terms))
    changes = {
        name: whole(known[name], getattr(terms, name), value)
        for name, value in mine.changes.items()
    }
    return _laid(terms, changes, changes, named)


def _laid(
    terms: Terms, stated: Mapping[str, Any], different: Mapping[str, Any], named: _Source
) -> Terms:
    """The terms with what is different, in the name of whoever decides: both, unless what is
    laid over them leaves nothing of them but whom they exempt."""
    if not different:
        return terms
    parameters = [name for name in directions(type(terms)) if getattr(terms, name) is not None]
    parameters.remove("exempt")
    alone = all(name in stated and different.get(name) == stated[name] for name in parameters)
    if not alone:
        named = _Source(
            f"{terms.id}+{named.id}",
            f"{terms.source}; {named.source}",
            "rule" if "rule" in (terms.basis, named.basis) else "practice",
            max(terms.since, named.since),
        )
    return structs.replace(terms, **different, **named._asdict())
