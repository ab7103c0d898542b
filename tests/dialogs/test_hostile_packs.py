"""Packs made to hurt are refused by findings, however they are made.

What bounds the work is tested, not clocks: bytes, values, depth, flows, findings, and the ways in
which a pattern matches.
"""

import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.findings import Finding, PackError
from dialogs.loader import MAX_FLOWS, SHIPPED, load_pack
from dialogs.loading.reading import MAX_FINDINGS
from dialogs.loading.source import MAX_ALL_BYTES, MAX_BYTES, MAX_VALUES
from dialogs.pack import Pack
from domain.matching import MAX_TEXT, BadPattern, compile_pattern, found
from tests.dialogs.play import Play
from tests.examples import many

PAY = "flows/payment.yml"
TEXTS = "responses/en-US.yml"
FILES = ("pack.yml", "slots.yml", "patterns.yml", PAY, TEXTS)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(SHIPPED / "collections-us", tmp_path / "pack")
    return tmp_path / "pack"


def loading(folder: Path) -> tuple[Pack | None, tuple[Finding, ...]]:
    try:
        return load_pack(folder), ()
    except PackError as error:
        return None, error.findings


def findings(folder: Path) -> tuple[Finding, ...]:
    return loading(folder)[1]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


EXTRA = "  extra:\n    steps: [{action: utter_plan}]\n"
HURTING: list[tuple[str, str, str, str]] = [
    ("a bomb of aliases", "slots.yml", bomb(9), "yaml-feature"),
    ("merged keys", PAY, "  x:\n    <<: {a: 1}\n", "yaml-feature"),
    ("ten megabytes", PAY, "#" * 10_000_000, "file-size"),
    ("ten thousand brackets", PAY, "  x: " + "[" * 10_000, "yaml-feature"),
    ("ten thousand braces", PAY, "  x: " + "{a: " * 10_000, "yaml-feature"),
    ("ten thousand steps down", PAY, "".join(" " * n + "x:\n" for n in range(2, 1300)),
     "yaml-feature"),
    ("too many values", PAY, "  x: [" + "a, " * MAX_VALUES + "]\n", "file-size"),
    ("too many keys", PAY, "".join(f"  x{n}: {{y: z}}\n" for n in range(MAX_VALUES)), "file-size"),
    ("too many flows", PAY, "".join(EXTRA.replace("extra", f"x{n}") for n in range(MAX_FLOWS)),
     "file-size"),
    ("a pattern that explodes", "slots.yml", ("  x: {type: text, mappings: "
     "[{type: from_text, matches: '(a+)+$'}]}\n"), "pattern"),
    ("choices that explode", "slots.yml", "  x: {type: text, mappings: "
     "[{type: from_text, matches: '" + "(a|a)" * 50 + "b'}]}\n", "pattern"),
    ("a condition that explodes", PAY, EXTRA + "    if: slots.representative matches '(a*)*'\n",
     "condition"),
    ("a long condition", PAY, EXTRA + "    if: " + "not " * 1000 + "context.asking\n", "condition"),
    ("a deep condition", PAY, EXTRA + "    if: " + "(" * 300 + "true" + ")" * 300 + "\n",
     "condition"),
    ("a chain of calls", PAY, "".join(
        f"  x{n}:\n    steps: [{{call: x{n + 1}}}, {{call: x{n + 1}}}]\n" for n in range(200)
     ) + EXTRA.replace("extra", "x200"), "call-depth"),
    ("a huge number", "slots.yml", "  x: {type: float, initial_value: " + "9" * 100_000 + "}\n",
     "slot-value"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "code"), [row[1:] for row in HURTING], ids=[row[0] for row in HURTING]
)
def test_it_is_refused_with_a_place(pack: Path, file: str, text: str, code: str) -> None:
    (pack / file).write_text((pack / file).read_text() + text)
    all_found = findings(pack)
    ours = [finding for finding in all_found if finding.code == code]
    assert ours, all_found[:5]
    for finding in all_found:
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.mend
        assert len(str(finding)) < 2_000


def test_many_big_files_are_not_read(pack: Path) -> None:
    for number in range(MAX_ALL_BYTES // 900_000 + 3):
        (pack / f"flows/x{number}.yml").write_text("#" * 900_000)
    assert {finding.code for finding in findings(pack)} >= {"file-size"}
    assert MAX_BYTES < MAX_ALL_BYTES


def test_no_more_is_told_than_anybody_reads(pack: Path) -> None:
    wrong = "".join(f"  x{n}: 1\n" for n in range(2 * MAX_FINDINGS))
    (pack / "slots.yml").write_text((pack / "slots.yml").read_text() + wrong)
    assert 0 < len(findings(pack)) <= MAX_FINDINGS


def test_a_folder_or_a_link_in_the_place_of_a_file_is_told(pack: Path) -> None:
    (pack / "slots.yml").unlink()
    (pack / "slots.yml").mkdir()
    (pack / "flows/away.yml").symlink_to(pack / "nowhere.yml")
    assert {finding.code for finding in findings(pack)} >= {"file-read", "file-missing"}


@given(
    st.lists(
        st.sampled_from(["a", "b", ".", "[ab]", "(", ")", "(?:", "|", "*", "+", "?", "{2,9}", "$"]),
        max_size=14,
    ).map("".join)
)
@settings(max_examples=many(120), deadline=None)
def test_a_pattern_that_is_taken_has_few_ways_to_match(pattern: str) -> None:
    """Tried on words that nearly match: what is taken ends, or this test never does."""
    with suppress(BadPattern):
        compiled = compile_pattern(pattern)
        for words in ("a" * MAX_TEXT, "ab" * MAX_TEXT, "a" * MAX_TEXT + "!"):
            assert found(compiled, words) in (True, False)


Mutate = Callable[[str], str]
WORDS = ("[", "]", "{", "}", ":", "- ", "\n", "  ", "'", '"', "null", "true", "1", "*a", "&a ", "|",
         "!!x ", "END", "then", "if", "next", "collect: ", "link: promise_to_pay", "call: pay_now",
         "slots.x", "context.", "matches '(a+)+'", "{balance}", "\t", "\x00", "é", "?", "%", "@",
         "- else:", "steps: []", "utter_", "set_slots")  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Mutate]:
    """A change to one file: lines swapped, doubled or gone, words put in, cut or exchanged."""
    file = draw(st.sampled_from(FILES))
    kind = draw(st.sampled_from(["insert", "delete", "double", "swap", "word", "cut", "indent"]))
    at, length = draw(st.floats(0, 1)), draw(st.integers(1, 60))
    word, other = draw(st.sampled_from(WORDS)), draw(st.sampled_from(WORDS))

    def change(text: str) -> str:
        place = int(at * (len(text) - 1))
        lines = text.split("\n")
        line = int(at * (len(lines) - 1))
        match kind:
            case "insert":
                return text[:place] + word + text[place:]
            case "delete":
                return text[:place] + text[place + length :]
            case "cut":
                return text[:place]
            case "double":
                lines.insert(line, lines[line])
            case "swap":
                lines[line], lines[-1 - line] = lines[-1 - line], lines[line]
            case "indent":
                lines[line] = "  " * (length % 4) + lines[line].lstrip()
            case "word":
                lines[line] = re.sub(r"\w+", lambda _: word + other, lines[line], count=1)
        return "\n".join(lines)

    return file, change


@given(st.lists(mutations(), min_size=1, max_size=3))
@settings(
    max_examples=many(50),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_change_gives_findings_or_a_pack_that_runs(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, Mutate]]
) -> None:
    folder = tmp_path_factory.mktemp("pack") / "pack"
    shutil.copytree(SHIPPED / "collections-us", folder)
    for file, change in changes:
        (folder / file).write_text(change((folder / file).read_text()), encoding="utf-8")
    loaded, told = loading(folder)
    assert loaded is not None or told
    for finding in told:
        assert (finding.line, finding.column) >= (1, 1)
        assert finding.reason
        assert finding.mend
    if loaded is not None:
        play = Play(loaded)
        for intent in ("greeting", "promise_to_pay", "affirm", "opt_out"):
            play.says("...", intent)
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["slots.yml", "flows/more.yml", "responses/xx.yml"])
@pytest.mark.parametrize("target", ["../secret.yml", "/dev/zero", "/etc", "more.yml", "nowhere"])
def test_a_link_out_of_the_pack_is_not_followed(pack: Path, name: str, target: str) -> None:
    pack.with_name("secret.yml").write_text("hidden:*:1:\nslots: {}\n")
    link = pack / name
    link.unlink(missing_ok=True)
    link.symlink_to(pack.parent / target[3:] if target.startswith("..") else Path(target))
    told = [each for each in findings(pack) if each.file == name]
    assert {each.code for each in told} <= {"file-read", "file-missing"}
    assert told
    assert "hidden" not in str(findings(pack))


def test_a_link_within_the_pack_is_followed(pack: Path) -> None:
    (pack / "slots.yml").rename(pack / "kept.yml")
    (pack / "slots.yml").symlink_to("kept.yml")
    assert findings(pack) == ()


@pytest.mark.parametrize("name", ["pack.yml", "slots.yml", "flows/more.yml"])
def test_a_pipe_is_not_waited_for(pack: Path, name: str) -> None:
    (pack / name).unlink(missing_ok=True)
    os.mkfifo(pack / name)
    assert [each.code for each in findings(pack) if each.file == name] == ["file-read"]
