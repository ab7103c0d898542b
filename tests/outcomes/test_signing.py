"""Signatures are those of the standardwebhooks library."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from gateway.clients import ConfigurationError
from gateway.outcomes.signing import Signer, signer


@given(
    key=st.binary(min_size=1, max_size=64),
    name=st.uuids().map(str),
    at=st.integers(0, 4_000_000_000),
    body=st.text(max_size=200),
)
def test_the_library_signs_alike(key: bytes, name: str, at: int, body: str) -> None:
    expected = Webhook(key).sign(name, datetime.fromtimestamp(at, UTC), body)
    try:
        data = body.encode()
    except UnicodeEncodeError:
        return
    assert Signer(key).sign(name, at, data) == expected


@pytest.mark.parametrize("written", ["whsec_{}", "{}"])
@pytest.mark.parametrize("padded", [True, False])
def test_secrets_are_read_as_the_library_reads_them(
    monkeypatch: pytest.MonkeyPatch, written: str, padded: bool
) -> None:
    text = base64.b64encode(b"twenty-five bytes of key.").decode()
    value = written.format(text if padded else text.rstrip("="))
    monkeypatch.setenv("HOOK", value)
    expected = Webhook(value).sign("id", datetime.fromtimestamp(5, UTC), "{}")
    assert signer("env:HOOK").sign("id", 5, b"{}") == expected


@pytest.mark.parametrize("value", [
    "whsec_", "whsec_q", "ключ", "whsec_???", "whsec_" + "c2Vj" * 7, "whsec_" + "c2Vj" * 22,
    "whsec_" + "c2Vj" * 8 + "!", "whsec_" + "c2Vj" * 8 + "c",
])  # fmt: skip
def test_what_is_no_secret_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HOOK", value)
    with pytest.raises(ConfigurationError, match="HOOK is not a webhook secret") as found:
        signer("env:HOOK")
    assert value == "whsec_" or value.removeprefix("whsec_") not in str(found.value)


def test_a_secret_never_shows() -> None:
    assert "key" not in repr(Signer(b"key"))
