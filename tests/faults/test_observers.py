"""The observers must see each wrong, or the fault cases could not fail."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.customers import Customer
from tests.faults.observers import Tail, delivered_wrongly, provider_log
from tests.standins.log import Log
from tests.standins.phone import Phone
from tests.standins.wire import Wire

NUMBER = "+12125550100"


def came(event: str, seq: int, lane: str = "C1", verified: bool = True) -> dict[str, Any]:
    body = {"seq": seq, "customer_ref": lane, "conversation_id": None, "client": "acme"}
    return {"webhook_id": event, "verified": verified, "body": body}


DUE = {"a": 1, "b": 2, "c": 3}
WELL = [came("a", 1), came("b", 2), came("c", 3)]


@pytest.mark.parametrize(
    "entries",
    [WELL, [WELL[0], WELL[0], *WELL[1:], WELL[0]], [came("a", 1), came("c", 3, "C2"), WELL[1]]],
    ids=["each once", "some again", "lanes apart"],
)
def test_what_a_host_may_see(entries: list[dict[str, Any]]) -> None:
    assert delivered_wrongly(entries, DUE) == []


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        (WELL[:2], "never came"),
        ([*WELL, came("d", 4)], "not on record"),
        ([WELL[1], WELL[0], WELL[2]], "came after"),
        ([*WELL, came("b", 4)], "two bodies"),
        ([came("a", 1, verified=False), *WELL], "did not verify"),
    ],
)
def test_what_a_host_must_not_see(entries: list[dict[str, Any]], word: str) -> None:
    assert any(word in problem for problem in delivered_wrongly(entries, DUE))


@pytest.mark.parametrize(
    ("bodies", "well"),
    [
        (["$50.00?", "thanks"], True),
        (["$50.00?"], False),
        (["$50.00?", "$50.00?", "thanks"], False),
        (["thanks", "$50.00?"], False),
        (["$50.00?", "$50.00?"], False),
    ],
)
def test_what_a_customer_must_hear(bodies: list[str], well: bool, tmp_path: Path) -> None:
    log = Log(tmp_path / "log")
    tail: Tail = provider_log(tmp_path / "log")
    for body in bodies:
        log.add({"to": NUMBER, "body": body})
    log.close()
    customer = Customer(Phone(NUMBER, "", "", "", Wire()), ("", ""), ("$50.00", "thanks"))
    assert (customer.heard_wrongly(tail) == []) is well


def test_a_log_is_read_line_by_line_as_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "log"
    tail = provider_log(path)
    assert tail.of(NUMBER) == []
    whole = b'{"to":"+12125550100","body":"hi"}\n'
    path.write_bytes(whole[:10])
    assert tail.of(NUMBER) == []
    path.write_bytes(whole + whole)
    assert len(tail.of(NUMBER)) == 2
