"""Settings: each finding names its variable and its mend, and shows no secret."""

import os

import pytest

from gateway.clients import ConfigurationError
from gateway.settings import load_settings, variable

RIGHT = {
    "GATEWAY_DATABASE_URL": "sqlite:///gateway.db",
    "GATEWAY_SECRET": "only for tests, never for customers",
    "GATEWAY_PUBLIC_URL": "https://gateway.example",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GATEWAY_")]:
        monkeypatch.delenv(name)


def load(monkeypatch: pytest.MonkeyPatch, **more: str) -> str:
    """What is found wrong; fails where nothing is."""
    for name, value in {**RIGHT, **more}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as found:
        load_settings()
    return str(found.value)


def test_what_is_right_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in RIGHT.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.secret.get_secret_value() == RIGHT["GATEWAY_SECRET"]
    assert RIGHT["GATEWAY_SECRET"] not in repr(settings)
    assert settings.call_timeout < settings.lease


def test_what_is_missing_is_named_with_its_mend() -> None:
    with pytest.raises(ConfigurationError) as found:
        load_settings()
    lines = str(found.value).splitlines()
    assert [line.split()[0] for line in lines] == [
        "GATEWAY_DATABASE_URL",
        "GATEWAY_SECRET",
        "GATEWAY_PUBLIC_URL",
    ]
    assert all("is not set; set it to" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_DATABASE_URL", "mysql://host/name"),
        ("GATEWAY_DATABASE_URL", ""),
        ("GATEWAY_DATABASE_URL", "sqlite:///"),
        ("GATEWAY_SECRET", "short"),
        ("GATEWAY_PUBLIC_URL", "gateway.example"),
        ("GATEWAY_PUBLIC_URL", "https://gateway.example/"),
        ("GATEWAY_HTTP_PORT", "http"),
        ("GATEWAY_HTTP_PORT", "70000"),
        ("GATEWAY_REDIS_URL", "localhost:6379"),
        ("GATEWAY_LEASE", "0"),
        ("GATEWAY_LEASE", "inf"),
        ("GATEWAY_CALL_TIMEOUT", "soon"),
        ("GATEWAY_SETTLE_MS", "-1"),
        ("GATEWAY_TURN_TRIES", "0"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    (line,) = load(monkeypatch, **{name: value}).splitlines()
    assert line.startswith(f"{name} is wrong: ")


def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in load(monkeypatch, GATEWAY_SECRET="hunter2")
    shown = load(monkeypatch, GATEWAY_DATABASE_URL="mysql://me:hunter2@host/name")
    assert "hunter2" not in shown


@pytest.mark.parametrize(("lease", "timeout"), [("5", "5"), ("3", "10")])
def test_a_lease_must_outlast_a_call(
    monkeypatch: pytest.MonkeyPatch, lease: str, timeout: str
) -> None:
    """Else no provider is ever asked, and every message waits for ever."""
    found = load(monkeypatch, GATEWAY_LEASE=lease, GATEWAY_CALL_TIMEOUT=timeout)
    assert "GATEWAY_LEASE" in found
    assert "GATEWAY_CALL_TIMEOUT" in found


def test_an_adapters_setting_is_named_as_the_environment_names_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each variable that an adapter's setting is named by is one that settings are read from."""
    given = {
        "auth_token": "token",
        "messaging_service_sid": "MG1",
        "api_url": "https://api.example",
        "account_sid": "AC1",
        "public_url": "https://here.example",
        "timeout": "2.5",
        "senders": "service",
        "api_key_sid": "SK1",
        "api_key_secret": "secret",
        "other_tokens": "old,new",
    }
    for name, value in {**RIGHT, **{variable("twilio", n): v for n, v in given.items()}}.items():
        monkeypatch.setenv(name, value)
    assert load_settings().provider("twilio") == given


def test_an_account_of_its_own_has_its_own_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """And none of the other's but those that all adapters share."""
    given = {
        "GATEWAY_TWILIO_ACCOUNT_SID": "AC1",
        "GATEWAY_TWILIO_AUTH_TOKEN": "token of the one",
        "GATEWAY_TWILIO_API_URL": "https://api.example",
        variable("twilio.harbor", "account_sid"): "AC2",
        variable("twilio.harbor", "auth_token"): "token of the other",
    }
    for name, value in {**RIGHT, **given}.items():
        monkeypatch.setenv(name, value)
    assert "GATEWAY_TWILIO_HARBOR_ACCOUNT_SID" in given
    found = load_settings().provider("twilio.harbor")
    assert found == {
        "account_sid": "AC2",
        "auth_token": "token of the other",
        "api_url": "https://api.example",
        "public_url": RIGHT["GATEWAY_PUBLIC_URL"],
        "timeout": "5.0",
    }
    assert load_settings().provider("twilio.none").keys() == {"api_url", "public_url", "timeout"}
