"""`gateway nlu export-rasa`: the project that Rasa is trained on."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from typer.testing import CliRunner

from gateway.cli import app
from nlu.corpus import Example, files, read, unmarked
from nlu.rasa.export import marked, project

THANKS = Example("thanks a lot", ("thanks",), "en-US")
PROMISE = Example("50 on friday", ("promise_to_pay",), "en-US")
EXAMPLES = read(files())


def loaded(text: str) -> dict[str, object]:
    document = YAML(typ="safe", pure=True).load(text)
    assert isinstance(document, dict)
    return document


def trained_on(given: dict[str, str]) -> dict[str, list[str]]:
    """The lines of each label, as Rasa splits them."""
    document = loaded(given["data/nlu.yml"])
    found = {}
    for entry in document["nlu"]:  # type: ignore[attr-defined]
        lines = entry["examples"].splitlines()
        assert all(line.startswith("- ") for line in lines)
        found[entry["intent"]] = [line[2:] for line in lines]
    return found


def test_a_project_of_the_shipped_data_is_whole() -> None:
    given = dict(project(EXAMPLES))
    assert set(given) == {
        "config.yml", "domain.yml", "data/nlu.yml", "endpoints.yml", "credentials.yml",
    }  # fmt: skip
    config, domain = loaded(given["config.yml"]), loaded(given["domain.yml"])
    pipeline = {each["name"]: each for each in config["pipeline"]}  # type: ignore[attr-defined]
    assert pipeline["DIETClassifier"]["epochs"] == 30
    assert pipeline["WhitespaceTokenizer"]["intent_split_symbol"] == "+"
    by_label = trained_on(given)
    assert sorted(by_label) == domain["intents"]
    assert {frozenset(label.split("+")) for label in by_label} <= {
        frozenset(each.intents) for each in EXAMPLES
    }
    assert sum(map(len, by_label.values())) > 0.9 * len(EXAMPLES)
    every = [line for lines in by_label.values() for line in lines]
    assert all(every)
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("i can do 50 on friday", "i can do [50](amount) on [friday](date)"),
        ("$20 tomorrow, promise", "[$20](amount) [tomorrow](date), promise"),
        ("fifty bucks tmrw", "[fifty bucks](amount) [tmrw](date)"),
        ("call me back", "call me back"),
        ("two\nlines\u2028three", "two lines three"),
        ("50/wk till friday", "50/wk till [friday](date)"),  # Rasa's word is 50/wk
        ("see [terms](https://a.example)", "see [terms] (https://a.example)"),
        ("[x]{y} and [a][b]", "[x] {y} and [a] [b]"),
        ("- a dash: and #hash 'quote", "- a dash: and #hash 'quote"),
    ],
)
def test_a_line_marks_what_our_grammar_reads(text: str, line: str) -> None:
    assert marked(Example(text, ("promise_to_pay",), "en-US")) == line


def test_of_the_same_text_the_first_is_kept() -> None:
    again = Example("Thanks  a LOT", ("affirm",), "en-GB")
    assert trained_on(dict(project([THANKS, PROMISE, again]))) == {
        "thanks": ["thanks a lot"],
        "promise_to_pay": ["[50](amount) on [friday](date)"],
    }


def test_a_label_of_two_intents_is_the_same_in_either_order() -> None:
    both = ("hardship", "request_plan"), ("request_plan", "hardship")
    examples = [Example(f"text {at}", intents, "en-US") for at, intents in enumerate(both)]
    assert list(trained_on(dict(project([THANKS, *examples])))) == [
        "thanks",
        "request_plan+hardship",
    ]


def test_a_sample_has_the_most_of_each_label_and_locale() -> None:
    texts = [chr(ord("a") + at) * 2 for at in range(10)]
    british = [Example(text, ("affirm",), "en-GB") for text in texts]
    american = [Example(f"{text} ok", ("affirm",), "en-US") for text in texts[:2]]
    by_label = trained_on(dict(project([*british, *american, THANKS], most=3)))
    assert by_label == {"affirm": ["aa", "dd", "gg", "aa ok", "bb ok"], "thanks": ["thanks a lot"]}


def test_one_label_is_nothing_to_train_on() -> None:
    for examples in ([], [THANKS]):
        with pytest.raises(ValueError, match="two intents"):
            project(examples)


@given(st.text(max_size=60))
def test_any_text_is_one_line_that_yaml_gives_back(text: str) -> None:
    example = Example(text, ("affirm",), "en-GB")
    by_label = trained_on(dict(project([THANKS, PROMISE, example])))
    lines = by_label.get("affirm", [""])
    assert len(lines) == 1
    kept = "".join(char for char in " ".join(text.split()) if char.isprintable())
    bare = re.sub(r"\] (?=[(\[{])", "]", unmarked(lines[0])).strip()
    assert bare == re.sub(r"\] (?=[(\[{])", "]", kept).strip() or "affirm" not in by_label


def test_the_command_writes_it_once(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "rasa"
    command = ["nlu", "export-rasa", str(folder), "--epochs", "7", "--most", "2"]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert "epochs: 7" in (folder / "config.yml").read_text(encoding="utf-8")
    (folder / "config.yml").write_text("mine", encoding="utf-8")
    (folder / "domain.yml").unlink()
    refused = CliRunner().invoke(app, command)
    assert refused.exit_code == 2
    assert not (folder / "domain.yml").exists()
    assert (folder / "config.yml").read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_folders_place(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    result = CliRunner().invoke(app, ["nlu", "export-rasa", str(tmp_path / "taken")])
    assert result.exit_code == 2
