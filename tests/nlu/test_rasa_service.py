"""GATEWAY_RASA_URL: the running gateway asks the server that it names."""

from pathlib import Path

import pytest

from gateway.app import Role, start
from gateway.clients import ConfigurationError
from gateway.settings import load_settings
from gateway.storage.opening import migrate
from nlu.cascade import BuiltIn
from tests.nlu.rasa_standin import StandIn
from tests.nlu.test_rasa_client import OPEN, reply
from tests.standins.serving import serving


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GATEWAY_SECRET", "only for tests, never for customers")
    monkeypatch.setenv("GATEWAY_PUBLIC_URL", "https://gateway.example")
    monkeypatch.setenv("GATEWAY_DATABASE_URL", f"sqlite:///{tmp_path / 'gateway.db'}")
    return f"sqlite:///{tmp_path / 'gateway.db'}"


async def test_the_server_is_asked_and_let_go_at_the_end(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in = StandIn()
    await migrate(database)
    async with serving(stand_in.handle) as url:
        monkeypatch.setenv("GATEWAY_RASA_URL", f"{url}/")
        monkeypatch.setenv("GATEWAY_RASA_TOKEN", "hunter2")
        service = await start(load_settings(), Role.WORK)
        assert service.understander is service.rasa
        assert service.rasa is not None
        [found] = await service.rasa.understand([reply(OPEN)])
        session = service.rasa._session
        await service.stop()
    assert found.decided_by == "rasa:20260304-100000-glad-otter"
    assert stand_in.tokens == {"token=hunter2"}
    assert session is not None
    assert session.closed


async def test_without_it_the_built_in_understands(database: str) -> None:
    await migrate(database)
    service = await start(load_settings(), Role.WORK)
    assert isinstance(service.understander, BuiltIn)
    await service.stop()


@pytest.mark.parametrize("url", ["", "rasa:5005", "http://", "http://a?token=b", "http://u:p@a"])
def test_an_address_that_is_none_is_told(
    database: str, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("GATEWAY_RASA_URL", url)
    with pytest.raises(ConfigurationError, match=r"GATEWAY_RASA_URL is wrong.*leave it out"):
        load_settings()
