"""A client is answered by the model of its pack, where the pack brings one."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from domain.understanding import Reply, Score, Understanding
from domain.values import ChannelKind
from gateway.clients import ClientConfig, ConfigurationError
from gateway.directory import Directory
from gateway.pipeline.models import Understanders, model_file, read_model
from nlu.model import SHIPPED

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


@dataclass
class Named:
    """An understander that signs its answers, and keeps the batches that it was asked."""

    version: str
    batches: list[list[str]] = field(default_factory=list)

    async def understand(self, replies: Sequence[Reply]) -> Sequence[Understanding]:
        self.batches.append([reply.text for reply in replies])
        score = Score("thanks", 0.9)
        return [Understanding("thanks", 0.9, (score,), self.version) for _ in replies]


def client(name: str, pack: str) -> ClientConfig:
    return ClientConfig.model_validate(
        {
            "client": name, "brand": {"name": name}, "jurisdictions": ["US"], "locales": ["en-US"],
            "currency": "USD", "timezone": "America/New_York", "pack": pack,
            "senders": [{"channel": "sms", "address": "+12125550100", "via": "simulator"}],
        }
    )  # fmt: skip


def directory(*configs: ClientConfig) -> Directory:
    made = Directory()
    made.replace([*configs])
    return made


def reply(text: str) -> Reply:
    return Reply("1", text, ChannelKind.SMS, "en-US", AT)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """One pack with the shipped model as its own, one without."""
    (tmp_path / "plain").mkdir()
    file = model_file(tmp_path / "own")
    file.parent.mkdir(parents=True)
    shutil.copy(SHIPPED, file)
    return tmp_path


async def test_answers_come_in_order_each_by_its_clients_model(packs: Path) -> None:
    shared = Named("shared")
    clients = directory(client("a", "plain"), client("b", "own"))
    understanders = Understanders(shared, clients, packs)
    found = await understanders.understand(["a", "b", "a"], [reply("1"), reply("STOP"), reply("3")])
    assert [each.decided_by for each in found] == ["shared", "keyword:stop", "shared"]
    assert shared.batches == [["1", "3"]]
    assert await understanders.understand([], []) == []


def test_clients_of_one_pack_share_its_model(packs: Path) -> None:
    clients = directory(client("a", "own"), client("b", "own"), client("c", "plain"))
    understanders = Understanders(Named("shared"), clients, packs)
    assert understanders.of("a") is understanders.of("b")
    assert understanders.of("c") is not understanders.of("a")


def test_a_broken_model_stops_the_start(packs: Path) -> None:
    model_file(packs / "own").write_bytes(b"PK\x03\x04 no model")
    with pytest.raises(ConfigurationError, match=r"model\.npz is no model of this version"):
        Understanders(Named("shared"), directory(client("a", "own")), packs)


def test_a_broken_model_that_comes_later_holds_up_nobody(packs: Path) -> None:
    clients = directory(client("a", "plain"))
    shared = Named("shared")
    understanders = Understanders(shared, clients, packs)
    clients.replace([client("a", "plain"), client("b", "own")])
    model_file(packs / "own").write_bytes(b"")
    with capture_logs() as logs:
        assert understanders.of("b") is shared
        assert understanders.of("b") is shared
    assert [line["event"] for line in logs] == ["understand.model_unreadable"]


@pytest.mark.parametrize("size", [0, 30, 1000, 100_000, -40])
def test_a_cut_model_file_is_refused(packs: Path, size: int) -> None:
    file = model_file(packs / "own")
    file.write_bytes(SHIPPED.read_bytes()[:size])
    with pytest.raises(ConfigurationError, match="gateway nlu train"):
        read_model(file)


def test_a_model_file_with_one_changed_byte_is_refused_or_read(packs: Path) -> None:
    file, whole = model_file(packs / "own"), SHIPPED.read_bytes()
    for at in range(0, len(whole), len(whole) // 20):
        changed = bytearray(whole)
        changed[at] ^= 0xFF
        file.write_bytes(changed)
        try:
            read_model(file)
        except ConfigurationError:
            continue
