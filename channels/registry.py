"""Every provider by its name: a new one is its adapter, a line here and its recorded payloads.

Where two clients have an account each, a sender names its account behind a dot: `twilio.harbor` is
the provider `twilio` with settings and callbacks of its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any, NamedTuple

from channels.contract import Channel
from channels.simulator import Simulator
from domain.values import ChannelKind

Settings = Mapping[str, str]


class Misconfigured(ValueError):
    """The message names the setting and its mend, and shows no value.

    `setting` is None where no such provider exists.
    """

    def __init__(self, setting: str | None, mend: str) -> None:
        super().__init__(mend if setting is None else f"{setting}: {mend}")
        self.setting = setting
        self.mend = mend


class Provider(NamedTuple):
    """What it sends, its settings with their defaults (MISSING: it is needed), and how a channel
    of it is made of them and of the URL of its status callbacks; that raises Misconfigured."""

    carries: ChannelKind
    settings: Callable[[], Mapping[str, object]]
    make: Callable[[Settings, str], Channel]


def _simulated(kind: ChannelKind) -> Provider:
    def make(settings: Settings, callback_url: str) -> Channel:  # noqa: ARG001
        for name in settings:
            raise Misconfigured(name, "a simulated provider has no settings")
        return Simulator(kind)

    return Provider(kind, dict, make)


def _adapter(kind: ChannelKind, module: str, settings_name: str, channel_name: str) -> Provider:
    """An adapter by its module, its dataclass of settings and its class.

    It is imported where it is wanted: some take as long to load as the rest of an embedded gateway.
    Settings are texts, seconds where the field is a float, or whole numbers; a wrong one raises
    ValueError with a message of the form `name: mend`.
    """

    def known() -> dict[str, Any]:
        found = fields(getattr(import_module(module), settings_name))
        return {field.name: field for field in found}

    def make(settings: Settings, callback_url: str) -> Channel:
        found = known()
        for name in sorted(settings.keys() - found.keys()):
            raise Misconfigured(name, f"there is no such setting; there are {', '.join(found)}")
        given: dict[str, Any] = {
            name: "" for name, field in found.items() if field.default is MISSING
        } | dict(settings)
        try:
            for name, text in settings.items():
                if found[name].type is float:
                    given[name] = _seconds(name, text)
                elif found[name].type is int:
                    given[name] = _whole(name, text)
            made = getattr(import_module(module), settings_name)(**given)
        except ValueError as error:
            name, _, mend = str(error).partition(": ")
            raise Misconfigured(name, mend) from None
        channel: Channel = getattr(import_module(module), channel_name)(made, callback_url)
        return channel

    def defaults() -> Mapping[str, object]:
        return {name: field.default for name, field in known().items()}

    return Provider(kind, defaults, make)


def _seconds(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name}: give seconds, such as 10") from None


def _whole(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name}: give a whole number, such as 4") from None


PROVIDERS: Mapping[str, Provider] = {
    "simulated-sms": _simulated(ChannelKind.SMS),
    "simulated-email": _simulated(ChannelKind.EMAIL),
    "twilio": _adapter(ChannelKind.SMS, "channels.twilio.sms", "TwilioSettings", "TwilioSms"),
    "vonage": _adapter(ChannelKind.SMS, "channels.vonage", "VonageSettings", "VonageSms"),
    "smtp": _adapter(ChannelKind.EMAIL, "channels.email.smtp", "SmtpSettings", "SmtpEmail"),
}

CARRIES: Mapping[str, ChannelKind] = {name: made.carries for name, made in PROVIDERS.items()}
"""What each of them sends, for those who only look at a name."""

SIMULATED = frozenset({"simulated-sms", "simulated-email"})
"""Those by which nothing leaves the machine."""


ACCOUNT = re.compile(r"[a-z][a-z0-9]{0,31}")


def provider_of(via: str) -> str | None:
    """The provider of `twilio` or `twilio.harbor`; None where there is none of that name."""
    provider, dot, account = via.partition(".")
    named = not dot or ACCOUNT.fullmatch(account)
    return provider if provider in PROVIDERS and named else None


def open_channel(via: str, settings: Settings, callback_url: str) -> Channel:
    """A channel of a provider, whose status callbacks go to `callback_url`. Raises Misconfigured.

    It is closed by whoever opened it.
    """
    provider = provider_of(via)
    if provider is None:
        raise Misconfigured(None, f"no provider {via!r}: choose one of {', '.join(PROVIDERS)}")
    return PROVIDERS[provider].make(settings, callback_url)
