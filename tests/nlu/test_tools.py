"""gateway nlu evaluate, explain, compare and train, as people and pipelines call them."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from domain.intents import INTENTS
from gateway.clients import ConfigurationError
from gateway.commands.nlu import app
from gateway.commands.nlu.shown import legible
from nlu import corpus
from nlu.model import SHIPPED, load, save
from tests.nlu.test_command import GOOD

PACK = Path(__file__).parents[2] / "dialogs/packs/collections-us"


def nlu(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes cases as JSON lines; keys beside text and expect may be given."""

    def write(*cases: dict[str, object]) -> Path:
        file = tmp_path / "cases.jsonl"
        lines = [json.dumps({**GOOD, "id": f"c{at}", **case}) for at, case in enumerate(cases)]
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    return write


RIGHT = {
    "text": "i can do 50 on friday",
    "expect": {"intents": ["promise_to_pay"], "amount": "50.00", "date": "2026-03-06"},
}
EXPECT = {"expect": {"intents": ["greeting"]}}
WRONG = {"text": "STOP", "expect": {"intents": ["thanks"]}, "tags": ["keyword-trap"]}


class TestEvaluate:
    def test_json_has_every_figure(self, write: Callable[..., Path]) -> None:
        plan = {"amount": "20", "frequency": "weekly", "count": None}
        asked = {"text": "20 a week", "expect": {"intents": ["request_plan"], "instalment": plan}}
        result = nlu("evaluate", write(RIGHT, WRONG, asked), "--json")
        assert result.exit_code == 0
        found = json.loads(result.stdout)
        assert (found["replies"], found["accuracy"]) == (3, pytest.approx(2 / 3))
        assert (found["false_opt_outs"], found["false_opt_outs_of_traps"]) == (
            pytest.approx(1 / 3), 1,
        )  # fmt: skip
        assert found["promise_date_exact"] == found["amount_exact"] == found["plan_exact"] == 1
        assert found["counts"]["accuracy"] == [2, 3]
        assert {"expected": "thanks", "found": "opt_out", "replies": 1} in found["confusion"]
        (miss,) = found["misses"]
        assert (miss["id"], miss["wrong"]) == ("c1", ["intent", "opt_out"])
        assert miss["expect"] == {"intents": ["thanks"]}
        assert miss["found"]["decided_by"] == "keyword:stop"

    def test_a_lone_surrogate_and_a_card_number(
        self, write: Callable[..., Path], tmp_path: Path
    ) -> None:
        page = tmp_path / "page.html"
        file = write({"id": "\ud800", "text": "\ud800 4111 1111 1111 1111 STOP", **EXPECT})
        for more in (("--json",), ("--html", page), ()):
            result = nlu("evaluate", file, *more)
            assert result.exit_code == 0
            assert "card number" in result.stdout
            assert "4111" not in result.stdout
        assert "4111" not in page.read_text(encoding="utf-8")

    def test_text_for_pipes_is_plain(self, write: Callable[..., Path]) -> None:
        result = nlu("evaluate", write(RIGHT, WRONG))
        assert result.exit_code == 0
        assert "accuracy" in result.stdout
        assert "1 of 2" in result.stdout
        assert "\x1b" not in result.stdout

    def test_a_rasa_file_tells_the_intents(self, tmp_path: Path) -> None:
        file = tmp_path / "es-US.yml"
        file.write_text(
            'version: "3.1"\nnlu:\n- intent: promise_to_pay\n  examples: |\n'
            "    - pago [50](amount) el [viernes](date)\n- intent: thanks\n  examples: |\n"
            "    - mil gracias\n",
            encoding="utf-8",
        )
        found = json.loads(nlu("evaluate", file, "--json").stdout)
        assert (found["replies"], list(found["locales"])) == (2, ["es-US"])
        assert "amount_exact" not in found

    def test_the_page_is_written(self, write: Callable[..., Path], tmp_path: Path) -> None:
        page = tmp_path / "report.html"
        assert nlu("evaluate", write(RIGHT), "--html", page).exit_code == 0
        assert "<h1>" in page.read_text(encoding="utf-8")
        nowhere = tmp_path / "no" / "report.html"
        assert nlu("evaluate", write(RIGHT), "--html", nowhere).exit_code == 2

    @pytest.mark.parametrize(
        ("required", "code"),
        [("accuracy=0.5", 0), ("accuracy=0.51", 1), ("false_opt_outs=0.5", 0),
         ("false_opt_outs=0.4", 1), ("safety_recall=0.1", 1), ("accuracy", 2), ("fun=1", 2)],
    )  # fmt: skip
    def test_what_is_required(self, write: Callable[..., Path], required: str, code: int) -> None:
        result = nlu("evaluate", write(RIGHT, WRONG), "--json", "--require", required)
        assert result.exit_code == code
        assert (required.partition("=")[0] in result.stderr) == (code > 0)

    @pytest.mark.parametrize(
        ("case", "says"),
        [
            ({"expect": {"intents": ["promise"]}}, "'promise' is no intent"),
            ({"expect": {"intents": [], "date": "friday"}}, "date"),
            ({"expect": {"amount": "fifty"}}, "amount"),
            ({"expect": 5}, "expect"),
            ({"text": None}, "text"),
        ],
    )
    def test_a_bad_case_is_told_with_its_line(
        self, write: Callable[..., Path], case: dict[str, object], says: str
    ) -> None:
        result = nlu("evaluate", write(RIGHT, case))
        assert (result.exit_code, result.stdout) == (2, "")
        assert "line 2" in result.stderr
        assert says in result.stderr

    @pytest.mark.parametrize(
        ("name", "body"),
        [("a.jsonl", b""), ("a.yml", b"nlu: 5"), ("a.yml", b"\xff"), ("a.jsonl", b"\xff")],
    )
    def test_a_file_of_no_cases(self, tmp_path: Path, name: str, body: bytes) -> None:
        (tmp_path / name).write_bytes(body)
        assert nlu("evaluate", tmp_path / name).exit_code == 2
        assert nlu("evaluate", tmp_path / "none.jsonl").exit_code == 2

    def test_a_file_that_is_no_model(self, write: Callable[..., Path]) -> None:
        result = nlu("evaluate", write(RIGHT), "--model", __file__)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "no model of this version" in result.stderr
        assert nlu("evaluate", write(RIGHT), "--model", "none.npz").exit_code == 2


def test_what_a_terminal_gets_can_not_steer_it() -> None:
    assert legible("hi\x1b[2J\r\nthere\u202e\u200b\x07").split() == ["hi", "[2J", "/", "there"]
    assert legible("a" * 20, 10) == "a" * 9 + "…"


class TestExplain:
    def test_json(self) -> None:
        result = nlu(
            "explain", "Stop txting, i'll pay £50 on Friday", "--json", "--locale", "en-GB",
            "--reference", "2026-03-04T10:00",
        )  # fmt: skip
        assert result.exit_code == 0
        found = json.loads(result.stdout)
        assert found["plain"].startswith("stop texting")
        assert found["answer"]["date"] == "2026-03-06"
        assert found["model"] == load().version
        best = [guess["calibrated"] for guess in found["guesses"]]
        assert best == sorted(best, reverse=True)
        assert {"pay", "£50"} & {each["word"] for each in found["features"]["promise_to_pay"]}
        entities = {each["kind"]: each for each in found["entities"]}
        assert (entities["date"]["words"], entities["date"]["rule"]) == ("friday", "weekday")
        for each in found["entities"]:
            assert found["read_as"][each["start"] : each["end"]] == each["words"]

    def test_text(self) -> None:
        result = nlu("explain", "STOP")
        assert result.exit_code == 0
        assert "keyword:stop" in result.stdout

    @pytest.mark.parametrize("text", ["", " ", "\ud800", "?" * 5000, "no " * 3000, "\x1b]0;x\x07"])
    def test_any_text(self, text: str) -> None:
        assert nlu("explain", "--", text).exit_code == 0
        assert nlu("explain", "--json", "--", text).exit_code == 0

    def test_a_day_that_is_none(self) -> None:
        assert nlu("explain", "hi", "--reference", "soon").exit_code == 2


class TestCompare:
    @pytest.fixture
    def deaf(self, tmp_path: Path) -> Path:
        """The shipped model with no weights: it tells nothing apart."""
        whole, file = load(), tmp_path / "deaf.npz"
        save(replace(whole, weights=whole.weights * 0, version="deaf"), file)
        return file

    def test_a_model_is_itself(self, write: Callable[..., Path]) -> None:
        result = nlu("compare", SHIPPED, "--over", write(RIGHT, WRONG), "--json")
        assert result.exit_code == 0
        found = json.loads(result.stdout)
        assert (found["replies"], found["changed"], found["before"]) == (2, 0, load().version)

    def test_changes_are_told_with_who_is_right(
        self, write: Callable[..., Path], deaf: Path
    ) -> None:
        thanks = {"text": "thank you so much for that", "expect": {"intents": ["thanks"]}}
        result = nlu("compare", deaf, "--over", write(thanks), "--json")
        found = json.loads(result.stdout)
        assert (found["after"], found["changed"], found["worse"]) == ("deaf", 1, 1)
        (change,) = found["changes"]
        assert (change["before"]["intent"], change["verdict"]) == ("thanks", "worse")
        back = json.loads(nlu("compare", deaf, SHIPPED, "--over", write(thanks), "--json").stdout)
        assert (back["before"], back["better"], back["worse"]) == ("deaf", 1, 0)

    def test_a_changed_safety_answer_is_a_finding(
        self, write: Callable[..., Path], tmp_path: Path
    ) -> None:
        whole, file = load(), tmp_path / "grave.npz"
        bias = whole.bias.copy()
        bias[whole.labels.index("bankruptcy")] = 9
        save(replace(whole, bias=bias, version="grave"), file)
        arguments = ("compare", file, "--over", write({"text": "hello there"}, WRONG))
        result = nlu(*arguments, "--json")
        found = json.loads(result.stdout)
        assert (result.exit_code, found["safety"]) == (1, 1)
        assert found["changes"][0]["safety"] == ["bankruptcy"]
        assert "bankruptcy" in nlu(*arguments).stdout

    def test_nothing_to_compare_over(self, deaf: Path) -> None:
        assert nlu("compare", deaf, "--over", "none.jsonl").exit_code == 2


class TestTrainAPack:
    @pytest.fixture(autouse=True)
    def small_base(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Base data that train in a moment: a few words of its own for every intent."""
        base = tmp_path / "base"
        base.mkdir()
        entries = "".join(
            f"- intent: {name}\n  examples: |\n"
            + "".join(f"    - {name} {name} number {at}\n" for at in range(12))
            for name in INTENTS
        )
        (base / "en-US.yml").write_text(f"nlu:\n{entries}", encoding="utf-8")
        files = corpus.files
        monkeypatch.setattr("nlu.corpus.files", lambda folder=base: files(folder))
        return base

    @pytest.fixture
    def pack(self, tmp_path: Path) -> Path:
        folder = tmp_path / "pack"
        shutil.copytree(PACK, folder)
        (folder / "nlu").mkdir()
        self.teach(folder, "pay_now", "brightwater wallet")
        return folder

    @staticmethod
    def teach(pack: Path, intent: str, text: str) -> None:
        body = f"nlu:\n- intent: {intent}\n  examples: |\n    - {text}\n"
        (pack / "nlu" / "en-US.yml").write_text(body, encoding="utf-8")

    def test_the_model_is_named_after_the_pack_and_the_same_twice(self, pack: Path) -> None:
        assert nlu("train", pack, "--check").exit_code == 1
        result = nlu("train", pack)
        assert (result.exit_code, result.stdout) == (0, "")
        file = pack / "nlu" / "model.npz"
        first = file.read_bytes()
        assert load(file).version.startswith("collections-us-")
        assert nlu("train", pack, "--check").exit_code == 0
        assert nlu("train", pack).exit_code == 0
        assert file.read_bytes() == first

    def test_a_new_version_of_the_pack_asks_for_a_new_model(self, pack: Path) -> None:
        nlu("train", pack)
        head = (pack / "pack.yml").read_text(encoding="utf-8")
        changed = "\n".join(
            "version: 99.0.0" if line.startswith("version:") else line for line in head.splitlines()
        )
        (pack / "pack.yml").write_text(changed, encoding="utf-8")
        assert nlu("train", pack, "--check").exit_code == 1

    def test_an_example_that_means_something_else_in_the_base(self, pack: Path) -> None:
        self.teach(pack, "pay_now", "thanks thanks number 3")
        result = nlu("train", pack)
        assert result.exit_code == 1
        assert "means pay_now here and thanks before" in result.stderr
        assert not (pack / "nlu" / "model.npz").exists()

    def test_a_pack_without_examples(self, pack: Path) -> None:
        (pack / "nlu" / "en-US.yml").unlink()
        assert isinstance(nlu("train", pack).exception, ConfigurationError)
        assert isinstance(nlu("train", "no-such-pack").exception, ConfigurationError)

    def test_an_intent_that_there_is_not(self, pack: Path) -> None:
        self.teach(pack, "pay_later", "later")
        failed = nlu("train", pack).exception
        assert isinstance(failed, ConfigurationError)
        assert "pay_later" in str(failed)
