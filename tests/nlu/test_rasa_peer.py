"""Against a real Rasa server: it trains on the export, answers us, and we answer it."""

import asyncio
import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from domain.intents import NAMING_ORDER
from nlu.corpus import Example, files, read
from nlu.rasa import export
from nlu.rasa.client import Rasa
from tests.nlu import rasa_peer
from tests.nlu.test_rasa_client import BUILT_IN, OPEN, built_in, reply
from tests.nlu.test_rasa_server import PARSER

if not rasa_peer.there():
    pytest.skip(rasa_peer.ABSENT, allow_module_level=True)
pytestmark = pytest.mark.timeout(3 * rasa_peer.PATIENCE)

LABELS = ("hardship", "thanks", "promise_to_pay", "opt_in", "request_plan+hardship")
EACH = 15

ASKING = """
import asyncio, json, sys
from rasa.core.channels import UserMessage
from rasa.core.http_interpreter import RasaNLUHttpInterpreter
from rasa.utils.endpoints import EndpointConfig

async def ask():
    interpreter = RasaNLUHttpInterpreter(EndpointConfig(sys.argv[1], token="t"))
    print(json.dumps(await interpreter.parse(UserMessage(sys.argv[2]))))
    await interpreter.session.close()

asyncio.run(ask())
"""


def few() -> Iterator[Example]:
    """A few examples of a few labels: enough for a model that is sure of what it has seen."""
    left = dict.fromkeys(LABELS, EACH)
    for example in read(files()):
        label = "+".join(sorted(example.intents, key=NAMING_ORDER.index))
        if left.get(label, 0):
            left[label] -= 1
            yield example
    yield Example(OPEN, ("hardship",), "en-US")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rasa")
    export.write(export.project(few(), epochs=40), folder)
    return folder


@pytest.fixture(scope="module")
def said_in_training(project: Path) -> str:
    code, said = rasa_peer.train(project)
    assert code == 0, said
    return said


@pytest.fixture(scope="module")
def server(project: Path, said_in_training: str) -> Iterator[tuple[str, Any]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with rasa_peer.running(project, port) as served:
        yield served


@pytest.fixture
def url(server: tuple[str, Any]) -> str:
    return server[0]


async def ask(url: str, body: bytes) -> tuple[int, Any]:
    async with ClientSession() as session, session.post(f"{url}/model/parse", data=body) as found:
        return found.status, await found.json()


def test_rasa_trains_on_the_export_without_complaint(project: Path, said_in_training: str) -> None:
    assert (project / "models" / "peer.tar.gz").is_file()
    for complaint in ("Misaligned", "Issue found", "will be skipped", "mismatch", "invalid"):
        assert complaint not in said_in_training, said_in_training


def test_rasa_reads_every_example_and_entity(project: Path) -> None:
    code = (
        "import json, sys; from rasa.shared.nlu.training_data.loading import load_data;"
        "data = load_data(sys.argv[1]); json.dump([len(data.intent_examples),"
        " len(data.entity_examples), sorted(data.entities), sorted(data.intents)], sys.stdout)"
    )
    command = [rasa_peer.PYTHON, "-W", "ignore", "-c", code, project / "data"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    examples, with_entities, entities, labels = json.loads(done.stdout)
    assert examples == (project / "data/nlu.yml").read_text(encoding="utf-8").count("      - ")
    assert with_entities > 5
    assert (entities, labels) == (["amount", "date"], sorted(LABELS))


async def test_its_word_decides_and_it_is_named(url: str) -> None:
    rasa = Rasa(url, built_in=BUILT_IN, timeout=30)
    found = await rasa.understand([reply(OPEN), reply("STOP")])
    await rasa.close()
    assert [each.decided_by for each in found] == ["rasa:peer", "keyword:stop"]
    assert found[0].has("hardship")


async def test_a_customer_names_it_no_intent(url: str) -> None:
    _, believed = await ask(url, b'{"text": "/opt_in"}')
    assert believed["intent"] == {"name": "opt_in", "confidence": 1.0}
    rasa = Rasa(url, built_in=BUILT_IN, timeout=30)
    ranking = await rasa.rank("/opt_in")
    await rasa.close()
    assert ranking
    assert all(each.confidence < 1 for each in ranking)


async def test_our_server_answers_and_refuses_in_its_shape(url: str) -> None:
    server = TestServer(PARSER.app())
    await server.start_server()
    ours = str(server.make_url("")).rstrip("/")
    text = json.dumps({"text": "i can pay 50 on friday", "message_id": "m", "other": [1]}).encode()
    for body, codes in ((text, {200}), (b"", {400}), (b"{bad", {400, 500})):
        (their_code, theirs), (our_code, mine) = await ask(url, body), await ask(ours, body)
        assert {their_code, our_code} <= codes
        assert mine.keys() <= theirs.keys()
        assert {key: type(theirs[key]) for key in mine} == {k: type(v) for k, v in mine.items()}
        if their_code == 200:
            assert mine["intent"].keys() == theirs["intent"].keys()
            assert mine["intent_ranking"][0].keys() == theirs["intent_ranking"][0].keys()
    async with ClientSession() as session:
        for path in ("/status", "/version"):
            async with session.get(url + path) as asked, session.get(ours + path) as answered:
                assert (await asked.json()).keys() == (await answered.json()).keys()
    await server.close()


async def test_rasas_own_client_asks_our_server() -> None:
    """What a Rasa assistant does whose endpoints.yml names us as its `nlu`."""
    server = TestServer(PARSER.app())
    await server.start_server()
    process = await asyncio.create_subprocess_exec(
        rasa_peer.PYTHON, "-W", "ignore", "-c", ASKING, str(server.make_url("/")), "i can pay 50",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    said, errors = await process.communicate()
    await server.close()
    assert process.returncode == 0, errors.decode()
    found = json.loads(said.splitlines()[-1])
    assert found["intent"]["name"] == "promise_to_pay"
    assert [each["value"] for each in found["entities"]] == ["50.00"]


async def test_when_it_dies_the_built_in_model_answers(server: tuple[str, Any]) -> None:
    url, process = server
    rasa = Rasa(url, built_in=BUILT_IN, timeout=30)
    assert (await rasa.understand([reply(OPEN)]))[0].decided_by == "rasa:peer"
    process.kill()
    process.wait()
    assert await rasa.understand([reply(OPEN)]) == [built_in(OPEN)]
    await rasa.close()
