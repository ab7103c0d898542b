"""Where alerts go, as settings and clients' files say it; what is wrong is named, secrets never."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.email.server import MailServer, server_at
from gateway.clients import ConfigurationError
from gateway.clients.people import AlertsPart, OfficePart
from gateway.directory import Directory
from gateway.handoffs.opening import alarm_of
from gateway.outcomes.calls import Calls
from gateway.settings import load_settings

GIVEN: dict[str, Any] = {
    "database_url": "sqlite:///x.db",
    "secret": "a server secret of more than 32 characters",
    "public_url": "https://pay.example",
}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25, False)),
        ("smtps://mail.example", MailServer("mail.example", 465, True)),
        ("smtp://mail.example:587/", MailServer("mail.example", 587, False)),
        ("smtp://u%40x:p%2Fw@[::1]:2525", MailServer("::1", 2525, False, "u@x", "p/w")),
    ],
)
def test_a_server(url: str, server: MailServer) -> None:
    assert server_at(url) == server


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "smtp://", "smtp://h:port", "smtp://h:99999",
     "smtp://only-user@h", "smtp://h/path", "smtp://h?x=1", "smtp://[::1"],
)  # fmt: skip
def test_no_server(url: str) -> None:
    with pytest.raises(ValueError, match=r"^it (is not a URL|has a user)"):
        server_at(url)
    with pytest.raises(ConfigurationError, match=r"GATEWAY_ALERT_SMTP is wrong.*smtps://HOST:465"):
        load_settings(**GIVEN, alert_smtp=url)


def test_a_password_never_shows() -> None:
    settings = load_settings(**GIVEN, alert_smtp="smtp://u:hunter2@mail.example")
    assert "hunter2" not in repr(settings)
    with pytest.raises(ConfigurationError) as error:
        load_settings(**GIVEN, alert_smtp="smtp://u:hunter2@mail.example:x")
    assert "hunter2" not in str(error.value)


@given(st.text())
def test_any_text_is_a_server_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert server_at(text).port in range(1, 65536)


@pytest.mark.parametrize("name", ["alert_to", "alert_from"])
@pytest.mark.parametrize("text", ["duty", "a@b.example c@d.example", "a@b.example\nBcc: x@y.z"])
def test_what_is_no_mailbox(name: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"GATEWAY_{name.upper()} is wrong"):
        load_settings(**GIVEN, **{name: text})


def test_one_sender_and_many_mailboxes() -> None:
    settings = load_settings(
        **GIVEN, alert_to=" a@b.example, c@d.example ,", alert_from="g@b.example"
    )
    assert settings.alert_mailboxes == ("a@b.example", "c@d.example")
    with pytest.raises(ConfigurationError, match="GATEWAY_ALERT_FROM is wrong"):
        load_settings(**GIVEN, alert_from="a@b.example,c@d.example")


async def test_the_alarm_is_made_of_them() -> None:
    store: Any = None
    async with Calls() as calls:
        none = alarm_of(load_settings(**GIVEN), store, Directory(), calls)
        assert (none.mailer, none.to) == (None, ())
        settings = load_settings(
            **GIVEN, alert_smtp="smtps://u:p@mail.example", alert_to="a@b.example",
            alert_from="g@b.example",
        )  # fmt: skip
        made = alarm_of(settings, store, Directory(), calls)
    assert made.mailer is not None
    assert made.mailer.server == MailServer("mail.example", 465, True, "u", "p")
    assert (made.mailer.sender, made.to) == ("g@b.example", ("a@b.example",))


@pytest.mark.parametrize(
    "part",
    [
        {"email": ["duty"]},
        {"email": ["d@x.example\r\nBcc: e@x.example"]},
        {"email": [f"d{n}@x.example" for n in range(21)]},
        {"webhook": {"url": "ftp://x.example", "secret": "env:X"}},
        {"webhook": {"url": "https://x.example", "secret": "whsec_x"}},
        {"every_minutes": 0},
        {"every_minutes": 61},
        {"phone": "1"},
    ],
)
def test_alerts_that_are_none(part: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AlertsPart.model_validate(part)


@pytest.mark.parametrize(
    "part", [{"opens": "17:00"}, {"opens": "18:00"}, {"closes": "09:00"}, {"opens": "9:00"}]
)
def test_an_office_that_never_opens(part: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        OfficePart.model_validate(part)
