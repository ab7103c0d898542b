"""Certificates and keys, made once."""

import pytest

from tests.standins.certificates import Authority, DkimKey, authority_in, key_in


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority_in(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def dkim_key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    return key_in(tmp_path_factory.mktemp("dkim") / "mail1.pem")
