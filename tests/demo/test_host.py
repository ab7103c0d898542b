"""The demo's host believes nothing that it can't verify."""

from collections.abc import Callable

import pytest

from gateway.clock import SECOND
from gateway.demo.host import FRESH, Host, new_secret
from gateway.outcomes.signing import signer

NOW = 1_795_500_000 * SECOND
BODY = b'{"event_type":"promise.created"}'
Change = Callable[[dict[str, str]], object]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    made = Host(new_secret(), lambda: NOW)
    monkeypatch.setenv("DEMO_TEST_SECRET", made.secret)
    return made


def signed(at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    stamp = at // SECOND
    return {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": signer("env:DEMO_TEST_SECRET").sign("evt_1", stamp, body),
    }


@pytest.mark.parametrize("late", [0, FRESH, -FRESH])
def test_what_the_gateway_signs_is_believed(host: Host, late: int) -> None:
    assert host.verified(signed(NOW + late), BODY)


def test_one_good_signature_among_several_is_enough(host: Host) -> None:
    headers = signed()
    headers["webhook-signature"] = "v1,AAAA v2,x " + headers["webhook-signature"]
    assert host.verified(headers, BODY)


@pytest.mark.parametrize(
    "change",
    [
        lambda h: h.pop("webhook-id"),
        lambda h: h.pop("webhook-timestamp"),
        lambda h: h.pop("webhook-signature"),
        lambda h: h.update({"webhook-id": "evt_2"}),
        lambda h: h.update({"webhook-timestamp": "1"}),
        lambda h: h.update({"webhook-timestamp": "soon"}),
        lambda h: h.update({"webhook-timestamp": "9" * 30}),
        lambda h: h.update({"webhook-signature": "v1,ünsigned"}),
        lambda h: h.update({"webhook-signature": h["webhook-signature"][:-2]}),
    ],
)
def test_anything_else_is_not(host: Host, change: Change) -> None:
    headers = signed()
    change(headers)
    assert not host.verified(headers, BODY)


def test_nor_another_body_or_an_old_one(host: Host) -> None:
    assert not host.verified(signed(), BODY + b" ")
    assert not host.verified(signed(), b"\xff")
    assert not host.verified(signed(NOW - FRESH - SECOND), BODY)
