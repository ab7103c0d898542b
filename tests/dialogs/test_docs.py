"""The example of docs/dialogs.md loads and plays; its tables name all there is."""

import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from dialogs.actions import ACTIONS
from dialogs.findings import PackError
from dialogs.happenings import EVENTS
from dialogs.loader import SHIPPED, load_pack
from dialogs.names import FACTS, VARIABLES
from dialogs.pack import OPTIONAL, PATTERNS, Settings, SlotType, Source
from dialogs.shapes import FLOW_GATEWAY
from tests.dialogs.play import Play, handoffs, text

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/dialogs.md").read_text()
BOTH = GUIDE + (ROOT / "docs/sequences.md").read_text()
EXAMPLE = re.compile(r"`([\w/.-]+\.yml)`[^`]*(?:`\w+:`)?\n\n```yaml\n(.*?)```", re.DOTALL)
CODE = re.compile(r'(?:report|finding)\(\s*[\w.]+,\s*"([a-z-]+)"|finding\("([a-z-]+)"')


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The American pack with the example in it, as the guide says."""
    folder = tmp_path / "pack"
    shutil.copytree(SHIPPED / "collections-us", folder)
    for name, lines in EXAMPLE.findall(GUIDE):
        file = folder / name
        if file.exists():
            added = file.read_text() + lines.partition("\n")[2]
            file.write_text(added)
        else:
            file.write_text(lines)
    return folder


def test_the_example_loads_and_plays(pack: Path) -> None:
    play = Play(load_pack(pack))
    assert "When may we call you?" in text(play.says("call me instead", "channel_preference"))
    assert "We will call you: after 5 pm." in text(play.says("after 5 pm", "out_of_scope"))
    done = play.says("yes", "affirm")
    assert handoffs(done) == ["call_back"]
    assert text(done).startswith("Thank you. A person will call you.")


def test_the_error_is_the_one_that_a_reader_sees(pack: Path) -> None:
    file = pack / "flows/call_back.yml"
    file.write_text(file.read_text().replace("collect: call_time", "colect: call_time"))
    with pytest.raises(PackError) as error:
        load_pack(pack)
    assert str(error.value) in GUIDE


def codes() -> set[str]:
    files = [*(ROOT / "dialogs/loading").glob("*.py"), ROOT / "dialogs/loader.py"]
    return {one or other for f in files for one, other in CODE.findall(f.read_text())}


CLOSING_KEYS = {"closing_on", "closing_first", "closing_others"}
NAMES = {
    *ACTIONS, *FACTS, *FLOW_GATEWAY.fields, *PATTERNS, *codes(), *list(SlotType), *list(Source),
    *EVENTS, *({field.name for field in fields(Settings)} - CLOSING_KEYS),
    *(option for options in ACTIONS.values() for option in options),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_guide_names_it(name: str) -> None:
    assert re.search(rf"`[^`\n]*\b{re.escape(name)}\b[^`\n]*`", BOTH)


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_the_guide_names_the_variable(variable: str) -> None:
    assert f"{{{variable}}}" in GUIDE


def test_the_guide_names_no_fact_or_pattern_that_is_not_there() -> None:
    assert set(re.findall(r"`(context\.\w{2,}[\w.]*)`", GUIDE)) == set(FACTS)
    assert set(re.findall(r"`(pattern_\w+)`", GUIDE)) == {*PATTERNS, *OPTIONAL}


def test_many_codes_are_known() -> None:
    assert len(codes()) > 30
