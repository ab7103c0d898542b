"""The page on tests of dialogs: complete, and its examples work."""

import re
from pathlib import Path
from textwrap import indent

import pytest

from dialogs.pack import Pack
from dialogs.scripts.expectations import CHECKS
from dialogs.scripts.happenings import STIMULI
from dialogs.scripts.outside import CLOSED
from dialogs.scripts.player import Player
from dialogs.scripts.reading import read_text
from dialogs.scripts.settings import KEYS
from gateway.dialogs.chat import Chat
from gateway.dialogs.outside import outside
from tests.house.test_docs import first_names, section, text_of

PAGE = text_of("dialog-tests.md")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_every_step_check_setting_and_command_has_its_line() -> None:
    happening = section(PAGE, "## What may happen").partition("###")[0]
    assert first_names(happening) == set(STIMULI)
    assert first_names(section(PAGE, "## What must follow")) == set(CHECKS)
    assert first_names(section(PAGE, "## Where a conversation begins")) == set(KEYS)
    commands = first_names(section(PAGE, "## The terminal phone"))
    assert {name.split()[0].lstrip(":") for name in commands} == set(Chat.COMMANDS)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_passes(us: Pack, number: int) -> None:
    text = EXAMPLES[number]
    if "test_cases" not in text:
        text = "test_cases:\n- test_case: it\n  steps:\n" + indent(text, "  ")
    player = Player(us, outside(Path()))
    played = [player.play(case) for case in read_text(text, "page.yml", us)]
    assert played
    assert [each.failure for each in played] == [None] * len(played)


def test_there_are_examples_and_they_need_the_gate(us: Pack) -> None:
    assert len(EXAMPLES) == 3
    (case,) = read_text(EXAMPLES[2], "page.yml", us)
    assert Player(us, CLOSED).play(case).failure is not None
