"""What is wrong with a client's senders although each of their values is right."""

from collections.abc import Iterator, Mapping

from channels.registry import CARRIES, PROVIDERS, provider_of
from domain.values import ChannelKind
from gateway.clients.findings import Flaw, Location, twice
from gateway.clients.model import ClientConfig
from gateway.clients.senders import RegistrationKind, Sender
from gateway.mail.tokens import LONGEST_LOCAL_PART

EVIDENCE: Mapping[RegistrationKind, str] = {
    "10dlc": "the campaign's id and the day it was approved",
    "toll_free": "the verification's id and the day it was approved",
    "short_code": "the lease or programme of the short code and the day carriers approved it",
    "long_code": "the contract or register entry of the number and its day",
    "mail_domain": "the domain and the day its SPF, DKIM and DMARC were found to agree",
}
"""What proves that a sender may go live, by the kind of its registration."""


def flaws_of_senders(config: ClientConfig) -> Iterator[Flaw]:
    addresses = [(sender.channel, sender.address.casefold()) for sender in config.senders]
    yield from twice(("senders",), addresses, "address")
    for number, sender in enumerate(config.senders):
        at: Location = ("senders", number)
        wrong = list(_provider(at, sender))
        yield from wrong or _registration(at, sender)
        yield from twice((*at, "countries"), sender.countries or ())
        if sender.channel is ChannelKind.EMAIL and sender.countries is not None:
            reason = "a mailbox writes to mailboxes of any country"
            yield Flaw((*at, "countries"), "never-applies", reason, "leave it out")
        yield from _mail(at, sender)


def _mail(at: Location, sender: Sender) -> Iterator[Flaw]:
    if sender.channel is not ChannelKind.EMAIL:
        if sender.when_unsure != "ask":
            reason = "only of a mailbox: of a lost text the provider or a person is asked"
            yield Flaw((*at, "when_unsure"), "never-applies", reason, "leave it out")
        return
    length = len(sender.address.rpartition("@")[0])
    if length > LONGEST_LOCAL_PART and not sender.is_simulated:
        reason = (
            f"{length} characters before the @: with a + and a token they exceed the 64 of mail"
        )
        mend = f"choose a mailbox with {LONGEST_LOCAL_PART} characters at most before the @"
        yield Flaw((*at, "address"), "value", reason, mend)


def _provider(at: Location, sender: Sender) -> Iterator[Flaw]:
    provider = provider_of(sender.via)
    if provider is None:
        reason, mend = f"no provider {sender.via}", f"one of {', '.join(PROVIDERS)}"
        yield Flaw((*at, "via"), "provider", reason, mend)
    elif sender.channel is not CARRIES[provider]:
        usable = ", ".join(via for via, kind in CARRIES.items() if kind is sender.channel)
        reason = f"{sender.via} sends {CARRIES[provider]}, not {sender.channel}"
        yield Flaw((*at, "via"), "provider", reason, f"for {sender.channel} there is {usable}")


def _registration(at: Location, sender: Sender) -> Iterator[Flaw]:
    needed = sender.needed_kind
    if not sender.may_go_live:
        reason = f"{sender.address} would go live via {sender.via} without its registration"
        mend = f"add registration: {{kind: {needed}, reference: ..., date: ...}} with"
        yield Flaw(at, "registration", reason, f"{mend} {EVIDENCE[needed]}, or remove the sender")
    elif sender.registration is not None and sender.registration.kind != needed:
        reason = f"{sender.address} can't be registered as {sender.registration.kind}"
        mend = f"write kind: {needed}, with {EVIDENCE[needed]}"
        yield Flaw((*at, "registration", "kind"), "registration", reason, mend)
