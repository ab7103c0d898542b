"""Settings: what is missing or wrong is told by its variable, with the mend."""

import pytest

from gateway.clients import ConfigurationError
from gateway.settings import Settings, load_settings

GIVEN = {
    "GATEWAY_DATABASE_URL": "sqlite:///gateway.db",
    "GATEWAY_SECRET": "s" * 32,
    "GATEWAY_PUBLIC_URL": "https://messages.example",
}
WRONG = [
    ({"GATEWAY_DATABASE_URL": "mysql://host/name"}, "GATEWAY_DATABASE_URL", "postgresql://"),
    ({"GATEWAY_SECRET": "short"}, "GATEWAY_SECRET", "32 or more"),
    ({"GATEWAY_PUBLIC_URL": "https://messages.example/"}, "GATEWAY_PUBLIC_URL", "https://"),
    ({"GATEWAY_PUBLIC_URL": "messages.example"}, "GATEWAY_PUBLIC_URL", "https://"),
    ({"GATEWAY_CALL_TIMEOUT": "15"}, "GATEWAY_CALL_TIMEOUT", "GATEWAY_LEASE"),
    ({"GATEWAY_LEASE": "5"}, "GATEWAY_CALL_TIMEOUT", "GATEWAY_LEASE"),
    ({"GATEWAY_LEASE": "none"}, "GATEWAY_LEASE", "number"),
    ({"GATEWAY_PROXIES": "-1"}, "GATEWAY_PROXIES", "0"),
    ({"GATEWAY_HTTP_PORT": "70000"}, "GATEWAY_HTTP_PORT", "65535"),
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GATEWAY_{name.upper()}", raising=False)
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)


def test_the_required_ones_suffice() -> None:
    assert load_settings().call_timeout < load_settings().lease


@pytest.mark.parametrize("name", GIVEN)
def test_a_missing_one_is_named_with_its_mend(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ConfigurationError) as raised:
        load_settings()
    [line] = str(raised.value).splitlines()
    assert line.startswith(f"{name} is not set; set it to ")


@pytest.mark.parametrize(("given", "name", "mend"), WRONG)
def test_a_wrong_one_is_named_with_its_mend(
    given: dict[str, str], name: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError) as raised:
        load_settings()
    [line] = str(raised.value).splitlines()
    assert line.startswith(f"{name} is wrong: ")
    assert mend in line


def test_each_finding_has_its_line_and_no_secret_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_SECRET", "hunter2")
    monkeypatch.delenv("GATEWAY_PUBLIC_URL")
    with pytest.raises(ConfigurationError) as raised:
        load_settings()
    assert len(str(raised.value).splitlines()) == 2
    assert "hunter2" not in str(raised.value)
    monkeypatch.setenv("GATEWAY_SECRET", "hunter2" * 5)
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://messages.example")
    assert "hunter2" not in repr(load_settings())
