"""What played conversations ask of the gateway: understanding, the contact gate, segments."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from channels.fit import fit
from compliance.checks.disclosure import is_initial
from compliance.facts import ActiveHold, Facts, OptOuts, Party, Proposed, Send
from compliance.gate import judge
from compliance.loading import SHIPPED
from compliance.reading import read
from compliance.secrets import Secret, released, without_brand
from compliance.verdict import Allowed, Deferred
from dialogs.scripts.outside import Outside, Proposal, Ruling
from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from gateway.clients.contact import ContactPart, rules_of
from gateway.parties.secrets import of_account, of_customer
from gateway.pipeline.models import model_file, read_model

if TYPE_CHECKING:
    from nlu.cascade import BuiltIn


def outside(pack: Path, contact: ContactPart | None = None) -> Outside:
    """`contact` are a client's own rules, stricter than the jurisdiction's."""
    return Outside(understands(pack), gate(contact or ContactPart()), segments)


def understands(pack: Path) -> Callable[[Reply], Understanding]:
    """The built-in understander, with the pack's own model where it brings one.

    It is made when the first reply asks for it: tests that write out what replies mean never
    load a model. The same words in the same place are read once.
    """
    made: list[BuiltIn] = []

    @lru_cache(maxsize=8192)
    def parse(reply: Reply) -> Understanding:
        if not made:
            made.append(_understander(pack))
        return made[0].parse([reply])[0]

    return parse


def _understander(pack: Path) -> "BuiltIn":
    from nlu.cascade import BuiltIn

    file = model_file(pack)
    return BuiltIn(read_model(file)) if file.is_file() else BuiltIn()


def gate(contact: ContactPart) -> Callable[[Proposal], Ruling]:
    """The contact gate, asked at the conversation's own time.

    Whoever lives where no rules are known meets those of another country, which refuse all but
    crisis texts.
    """

    def ask(message: Proposal) -> Ruling:
        known = message.jurisdiction in SHIPPED
        rules = rules_of(message.jurisdiction if known else "US", contact)
        proposed = _proposed(message)
        verdict = judge(proposed, _facts(message), rules, message.at)
        match verdict:
            case Allowed():
                return Ruling(introduces=is_initial(proposed, rules))
            case Deferred(rule=rule, until=until):
                return Ruling(rule, until)
        return Ruling(verdict.rule)

    return ask


def _proposed(message: Proposal) -> Proposed:
    return Proposed(
        category=message.category,
        channel=message.channel,
        address=message.address,
        text=message.text,
        jurisdiction=message.jurisdiction,
        language=message.language,
        neutral=message.neutral,
        secrets=_secrets(message),
        subject=message.subject,
        html=message.html,
        demand=message.demand,
    )


def _secrets(message: Proposal) -> tuple[Secret, ...]:
    """Those of the customer and the account that were made up, but for what they wrote."""
    context, own, today = message.context, message.own, message.at.date()
    secrets = [
        *of_customer(context.customer),
        *(of_account(context.account) if context.account else ()),
    ]
    brand = context.brand
    named = " ".join(filter(None, (brand.name, brand.phone, brand.website)))
    mine = without_brand(secrets, named, today)
    return released(mine, read("\n".join(own.words)), own.days, own.money, today)


def _facts(message: Proposal) -> Facts:
    """The customer's zone counts as stated, and the senders as approved."""
    return Facts(
        opt_outs=OptOuts(address=message.opted_out_at),
        confirmation_sent=message.confirmed,
        address_valid=message.address_valid,
        unread_inbound=False,
        holds=tuple(ActiveHold(kind, until) for kind, until in message.holds),
        zones=(message.timezone,),
        own_windows=message.own_windows,
        sends=tuple(Send(at, message.channel) for at in message.outreach),
        sender_approved=True,
        party=Party(
            # Played conversations prove it anew each time that they ask.
            proven_at=message.at if message.context.customer.verified else None,
            introduced=message.introduced,
            nobody=not message.context.customer.known,
            shared=False,
        ),
        last_inbound_at=message.last_inbound_at,
        last_inbound_channel=message.channel if message.last_inbound_at else None,
        replies_since_inbound=message.replies,
    )


def segments(text: str) -> int:
    """How many parts of SMS a text takes, its link already in it."""
    return fit(text, ChannelKind.SMS).segments
