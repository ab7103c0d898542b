"""gateway inspect sms: one text, or JSON lines in and out."""

import json
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from gateway.cli import app

HELLO = {"encoding": "GSM-7", "segments": 1, "units": 5, "forced_by": [], "text": "hello"}
CURLY = "it\u2019s"


def inspect(*arguments: str, given: bytes | None = None) -> tuple[list[dict[str, Any]], str, int]:
    """The lines on stdout, stderr, and the exit code."""
    ended = CliRunner().invoke(app, ["inspect", "sms", *arguments], input=given)
    lines = [json.loads(line) for line in ended.stdout_bytes.splitlines()]
    return lines, ended.stderr, ended.exit_code


def test_one_text() -> None:
    assert inspect("hello") == ([HELLO], "", 0)
    assert inspect("") == ([HELLO | {"units": 0, "text": ""}], "", 0)


def test_punctuation_stays_unless_it_is_to_be_plain() -> None:
    (written,), _, _ = inspect(CURLY)
    assert (written["encoding"], written["forced_by"], written["text"]) == ("UCS-2", ["’"], CURLY)
    (plain,), _, _ = inspect("--smart", CURLY)
    assert (plain["encoding"], plain["forced_by"], plain["text"]) == ("GSM-7", [], "it's")


def test_a_text_that_holds_a_links_mark_is_counted_as_it_stands() -> None:
    assert inspect("\ue000")[0][0]["forced_by"] == ["\ue000"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ({"text": CURLY, "smart": True}, "it's"),
        ({"text": CURLY, "smart": False}, CURLY),
        ({"text": CURLY}, CURLY),
        ({"text": CURLY, "smart": None, "id": 7}, CURLY),
        ({"text": "\ud83d\u200b\ude00", "smart": True}, "\U0001f600"),
        ({"text": "\ude00 \ud83d"}, "\ude00 \ud83d"),
    ],
)
def test_each_line_says_what_it_wants(line: dict[str, Any], text: str) -> None:
    (found,), _, code = inspect(given=json.dumps(line).encode())
    assert (found["text"], code) == (text, 0)


def test_lines_without_smart_follow_the_option() -> None:
    given = json.dumps({"text": CURLY}) + "\n" + json.dumps({"text": CURLY, "smart": False})
    found, _, _ = inspect("--smart", given=given.encode())
    assert [each["text"] for each in found] == ["it's", CURLY]


def test_blank_lines_marks_of_order_and_windows_line_ends_do_no_harm() -> None:
    given = b'\xef\xbb\xbf{"text":"hello"}\r\n\r\n  \n{"text":"hello"}'
    assert inspect(given=given) == ([HELLO, HELLO], "", 0)
    assert inspect(given=b"") == ([], "", 0)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (b"hello", "Expecting value at column 1"),
        (b'{"text": "a"', "Expecting ',' delimiter at column 13"),
        (b'{"smart": true}', "missing required field `text`"),
        (b'{"text": 1}', "Expected `str`, got `int` - at `$.text`"),
        (b'{"text": "a", "smart": "yes"}', "at `$.smart`"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (b'{"text": "\xff"}', "can't decode byte"),
        (b"[" * 100_000, "recursion"),
    ],
)
def test_a_wrong_line_is_named_with_its_mend(wrong: bytes, why: str) -> None:
    given = b'{"text":"hello"}\n\n' + wrong + b'\n{"text":"hello"}\n'
    found, said, code = inspect(given=given)
    assert (found, code) == ([HELLO], 2)
    (line,) = said.splitlines()
    assert line.startswith("gateway: standard input, line 3: ")
    assert why in line
    assert line.endswith('; a line is an object such as {"text": "Hello", "smart": true}')


def test_an_argument_that_is_no_utf8() -> None:
    found, said, code = inspect("caf\udce9")
    assert (found, code) == ([], 2)
    assert said == "gateway: TEXT is not UTF-8; give it as a JSON line, with escapes\n"


def test_each_line_is_answered_before_the_next_is_read() -> None:
    command = [sys.executable, "-m", "gateway.cli", "inspect", "sms"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(2):
            process.stdin.write(b'{"text":"hello"}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == HELLO
        process.stdin.close()
        assert process.wait() == 0
