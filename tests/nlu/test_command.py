"""gateway nlu parse, as other programs call it."""

import json

import pytest
from typer.testing import CliRunner, Result

from gateway.commands.nlu import app

GOOD = {
    "id": "a",
    "text": "i can do 50 on friday",
    "channel": "sms",
    "locale": "en-US",
    "reference": "2026-03-04T10:00:00",
    "tz": "America/Chicago",
}


def parse(*lines: str) -> Result:
    return CliRunner().invoke(app, ["parse"], input="\n".join(lines))


def test_answers_in_order_with_all_keys() -> None:
    plan = GOOD | {"id": 7, "text": "£20 a week for 6 weeks", "locale": "en-GB", "currency": "GBP"}
    result = parse(json.dumps(GOOD), "", json.dumps(plan | {"unknown": [1]}))
    first, second = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 0
    assert list(first) == [
        "id", "intent", "confidence", "intents", "amount", "currency", "date", "instalment",
        "decided_by",
    ]  # fmt: skip
    assert (first["id"], first["intent"]) == ("a", "promise_to_pay")
    assert (first["amount"], first["currency"], first["date"]) == ("50.00", "USD", "2026-03-06")
    assert first["intents"][0]["name"] == "promise_to_pay"
    assert second["id"] == 7
    assert second["amount"] is None
    assert second["instalment"] == {"amount": "20.00", "frequency": "weekly", "count": 6}


def test_the_day_is_the_customers() -> None:
    late = GOOD | {"text": "ill pay tomorrow", "reference": "2026-03-05T03:00:00Z"}
    assert json.loads(parse(json.dumps(late)).stdout)["date"] == "2026-03-05"


def test_lone_surrogates_are_answered() -> None:
    result = parse(json.dumps(GOOD | {"text": "\ud800 STOP"}))
    assert json.loads(result.stdout)["intent"] == "opt_out"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{bad", "line 2"),
        ("[]", "line 2"),
        ('{"id": "x"}', "text"),
        (json.dumps(GOOD | {"tz": "Mars/Base"}), "Mars/Base"),
        (json.dumps(GOOD | {"currency": "dollars"}), "dollars"),
        (json.dumps(GOOD | {"reference": "soon"}), "reference"),
        (json.dumps(GOOD | {"text": 5}), "text"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_a_bad_line_stops_with_its_number(line: str, says: str) -> None:
    result = parse(json.dumps(GOOD), line, json.dumps(GOOD))
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert "line 2" in result.stderr
    assert says in result.stderr


def test_missing_file() -> None:
    result = CliRunner().invoke(app, ["parse", "no/such/file.jsonl"])
    assert result.exit_code == 2
    assert "no/such/file.jsonl" in result.stderr


def test_bytes_that_are_no_text() -> None:
    result = CliRunner().invoke(app, ["parse"], input=b'{"id": "\xff"}')
    assert result.exit_code == 2
    assert "line 1" in result.stderr


def test_the_shipped_model_is_current() -> None:
    assert CliRunner().invoke(app, ["train", "--check"]).exit_code == 0
