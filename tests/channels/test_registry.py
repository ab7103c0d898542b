"""Providers by name."""

import pytest

from channels.registry import CARRIES, PROVIDERS, Misconfigured, open_channel
from domain.values import ChannelKind
from tests.channels.dialects import DIALECTS

TWILIO = {
    "account_sid": "AC" + "0" * 32,
    "auth_token": "s3cret",
    "public_url": "https://gateway.example.com",
}
KINDS = {
    "simulated-sms": ({}, ChannelKind.SMS),
    "simulated-email": ({}, ChannelKind.EMAIL),
    "twilio": (TWILIO, ChannelKind.SMS),
    "smtp": ({"url": "smtp://user:s3cret@mail.example:587"}, ChannelKind.EMAIL),
    "imap": ({"url": "imaps://user:s3cret@mail.example"}, ChannelKind.EMAIL),
    "mailhook": ({"password": "s3cret and long enough"}, ChannelKind.EMAIL),
    **{name: (dialect.settings, CARRIES[name]) for name, dialect in DIALECTS.items()},
}
GIVEN = [(name, setting) for name, dialect in DIALECTS.items() for setting in dialect.settings]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_every_provider_opens(provider: str) -> None:
    settings, kind = KINDS[provider]
    channel = open_channel(provider, settings, "https://gateway.example.com/hooks/main/status")
    assert channel.capabilities.kind is CARRIES[provider] is kind
    await channel.close()


@pytest.mark.parametrize(
    ("provider", "settings", "named"),
    [
        ("pigeon", {}, "pigeon.*simulated-sms, simulated-email, twilio"),
        ("twilio", {}, "account_sid"),
        ("twilio", {**TWILIO, "auth_token": ""}, "auth_token"),
        ("twilio", {**TWILIO, "public_url": "gateway"}, "public_url"),
        ("twilio", {**TWILIO, "account_sid": "SK1"}, "account_sid"),
        ("twilio", {**TWILIO, "timeout": "soon"}, "timeout"),
        ("twilio", {**TWILIO, "timeout": "-1"}, "timeout"),
        ("twilio", {**TWILIO, "timeout": "nan"}, "timeout"),
        ("twilio", {**TWILIO, "token": "x"}, "token"),
        ("simulated-sms", {"delay": "1"}, "delay"),
        ("smtp", {}, "^url: give smtp://"),
        ("smtp", {"url": "smtp://user:s3cret@mail.example:x"}, "url"),
        (
            "smtp",
            {"url": "smtp://mail.example", "connections": "many"},
            "connections: give a whole",
        ),
        ("smtp", {"url": "smtp://mail.example", "connections": "2.5"}, "connections: give a whole"),
        ("smtp", {"url": "smtp://mail.example", "idle": "long"}, "idle: give seconds"),
    ],
)
def test_a_wrong_setting_is_named(provider: str, settings: dict[str, str], named: str) -> None:
    with pytest.raises(Misconfigured, match=named) as caught:
        open_channel(provider, settings, "https://gateway.example.com/hooks/main/status")
    assert "s3cret" not in str(caught.value)


def test_the_time_out_is_a_setting() -> None:
    channel = open_channel("twilio", {**TWILIO, "timeout": "2.5"}, "https://x.example/status")
    assert channel.capabilities.call_timeout == 2.5


@pytest.mark.parametrize("missing", TWILIO)
def test_a_missing_setting_is_told_apart_from_its_mend(missing: str) -> None:
    given = {name: text for name, text in TWILIO.items() if name != missing}
    with pytest.raises(Misconfigured) as found:
        open_channel("twilio", given, "https://gateway.example.com/hooks/main/status")
    assert found.value.setting == missing
    assert found.value.mend.startswith("give ")


def test_of_every_provider_it_is_known_what_it_sends() -> None:
    assert CARRIES.keys() == PROVIDERS.keys()


@pytest.mark.parametrize(("provider", "missing"), GIVEN)
@pytest.mark.parametrize("blank", [True, False], ids=["blank", "absent"])
def test_every_needed_setting_is_missed(provider: str, missing: str, blank: bool) -> None:
    settings = {name: text for name, text in KINDS[provider][0].items() if name != missing}
    with pytest.raises(Misconfigured) as found:
        open_channel(provider, settings | ({missing: ""} if blank else {}), "https://x.example/s")
    assert (found.value.setting, found.value.mend[:5]) == (missing, "give ")
    assert not any(text in str(found.value) for text in settings.values())


@pytest.mark.parametrize("provider", [name for name, made in PROVIDERS.items() if made.settings()])
@pytest.mark.parametrize(
    ("name", "text"),
    [("timeout", "soon"), ("timeout", "-1"), ("timeout", "nan"), ("api_url", "here"), ("pet", "x")],
)
def test_what_all_adapters_check(provider: str, name: str, text: str) -> None:
    with pytest.raises(Misconfigured) as found:
        open_channel(provider, {**KINDS[provider][0], name: text}, "https://x.example/s")
    assert found.value.setting == name
