"""Certificates and keys, made once."""

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.standins.certificates import Authority, DkimKey, authority_in, key_in


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority_in(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    return key_in(tmp_path_factory.mktemp("dkim") / "mail1.pem")


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """What is logged, as values."""
    with capture_logs() as entries:
        yield entries
