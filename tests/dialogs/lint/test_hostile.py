"""Whatever a pack's files become, lint answers with findings and never raises."""

import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.fit import fit
from dialogs.findings import Finding
from dialogs.lint.fixing import mended
from dialogs.lint.report import as_json, as_sarif, as_text
from dialogs.lint.rules import lint
from dialogs.loader import SHIPPED
from tests.examples import many

FILES = sorted(
    path.relative_to(SHIPPED).as_posix()
    for path in SHIPPED.rglob("*.yml")
    if "tests" not in path.parts and path.name != "survivors.yml"  # no part of what is loaded
)
KEYED = re.compile(r"^(?P<head>[\s\-]*(?:\{)?(?P<key>[a-z_]+): )(?P<value>\S.*)$")
ODD = st.text(alphabet="ab:-[]{}|>\n \t'\"#&*!%@`\\’é🙂,?0.", max_size=12)
SLOW = [HealthCheck.too_slow]


def linted(name: str, text: str) -> tuple[Finding, ...]:
    pack, _, file = name.partition("/")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / pack
        shutil.copytree(SHIPPED / pack, copy)
        (copy / file).write_text(text, encoding="utf-8")
        found = lint(copy, fit)
    assert list(found) == sorted(set(found))
    lines = text.splitlines() or [""]
    for each in found:
        assert each.line >= 1
        assert each.column >= 1
        assert each.file != file or each.line <= len(lines) + 1, each
    assert len(as_text(found).splitlines()) == len(found)
    as_sarif(found)
    as_json([pack], found, [])
    return found


@settings(max_examples=many(20), deadline=None, suppress_health_check=SLOW)
@given(st.sampled_from(FILES), st.data())
def test_values_that_change_places(name: str, data: st.DataObject) -> None:
    """A value takes the place of another one of the same key: most of these packs still load."""
    lines = (SHIPPED / name).read_text(encoding="utf-8").splitlines()
    keyed = [(at, match) for at, line in enumerate(lines) if (match := KEYED.match(line))]
    for _ in range(data.draw(st.integers(1, 4))):
        at, match = data.draw(st.sampled_from(keyed))
        like = [other for _, other in keyed if other["key"] == match["key"]]
        lines[at] = match["head"] + data.draw(st.sampled_from(like))["value"]
    linted(name, "\n".join(lines) + "\n")


@settings(max_examples=many(15), deadline=None, suppress_health_check=SLOW)
@given(st.sampled_from(FILES), st.data())
def test_lines_lost_doubled_and_spoilt(name: str, data: st.DataObject) -> None:
    lines = (SHIPPED / name).read_text(encoding="utf-8").splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("lost", "doubled", "moved", "spoilt"))):
            case "lost" if len(lines) > 1:
                del lines[at]
            case "doubled":
                lines.insert(at, lines[at])
            case "moved":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case _:
                cut = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + data.draw(ODD) + lines[at][cut:]
    linted(name, "\n".join(lines) + "\n")


@given(st.text(alphabet="a: -[]{}|>\n'\"#\\u2019’“”…x", max_size=80))
def test_mending_any_text_leaves_a_text_that_reads_the_same_way(text: str) -> None:
    found = [Finding("f", line, column, "typographic", "", "")
             for line in range(1, 5) for column in range(1, 9)]  # fmt: skip
    new, changes = mended(text, "f", found)
    if not changes:
        assert new == text
    again, more = mended(new, "f", found)
    assert (again, more) == (new, ())


def test_a_long_flow_is_linted() -> None:
    steps = "".join("      - action: utter_noted\n" for _ in range(3000))
    name = "collections-us/flows/service.yml"
    text = (SHIPPED / name).read_text(encoding="utf-8") + f"  long:\n    steps:\n{steps}"
    assert {each.code for each in linted(name, text)} == {"too-long"}


def test_a_long_chain_of_links_is_linted() -> None:
    flows = "".join(f"  f{n}:\n    steps: [{{link: f{n + 1}}}]\n" for n in range(200))
    name = "collections-us/flows/service.yml"
    text = (SHIPPED / name).read_text(encoding="utf-8") + flows
    text += "  f200:\n    steps: [{action: utter_noted}]\n"
    assert linted(name, text) == ()
