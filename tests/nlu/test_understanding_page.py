"""What docs/understanding.md tells strategists is so."""

import re
from pathlib import Path

from typer.testing import CliRunner

from domain.intents import INTENTS, NAMING_ORDER
from gateway.commands.nlu import app
from gateway.commands.nlu.inputs import cases_of
from nlu import corpus
from nlu.evaluation import SAFETY, Plan, Rate, evaluate
from tests.nlu.test_evaluation import answer, case

PAGE = (Path(__file__).parents[2] / "docs/understanding.md").read_text(encoding="utf-8")


def names(title: str) -> set[str]:
    """What the first cells of the first table below a heading name."""
    below = PAGE.partition(f"\n| {title} |")[2].partition("\n\n")[0]
    cells = re.findall(r"(?m)^\| (`[^|]+) \|", below)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def block(language: str, holding: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    (body,) = [body for body in found if holding in body]
    return str(body)


def test_every_intent_is_explained() -> None:
    assert names("intent") == set(INTENTS)
    assert set(NAMING_ORDER[:10]) == SAFETY


def test_every_figure_is_explained() -> None:
    cases = [case("promise_to_pay", date=None, amount=None, instalment=Plan())]
    cases += [case("already_paid", date=None)]
    found = evaluate(cases, [answer("deny"), answer("deny")])
    assert names("figure") == set(found.figures)
    assert set(found.rates) < set(found.figures)


def test_every_command_is_in_the_table() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    assert {name.removeprefix("gateway nlu ") for name in names("command")} >= commands


def test_the_cases_are_cases(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text(block("json", "keyword-trap"), encoding="utf-8")
    assert [each.expected.intents for each in cases_of(file)] == [
        ("promise_to_pay",), ("out_of_scope",),
    ]  # fmt: skip
    assert CliRunner().invoke(app, ["evaluate", str(file)]).exit_code == 0


def test_the_examples_are_training_data(tmp_path: Path) -> None:
    file = tmp_path / "en-US.yml"
    file.write_text(block("yaml", "brightwater"), encoding="utf-8")
    assert [each.intents for each in corpus.read([file])] == [
        ("pay_now",), ("hardship", "request_plan"),
    ]  # fmt: skip


def test_twenty_of_twenty_says_little() -> None:
    low, high = Rate(20, 20).bounds or (0, 0)
    assert (round(low, 2), high) == (0.84, 1)
