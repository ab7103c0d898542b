"""A pack's files: what is read, what is refused, and that they come back as they were."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.findings import PackError
from dialogs.loader import SHIPPED, load_pack
from gateway.packs import sources
from gateway.packs.sources import canonical, digest, parse, read_sources, write_sources

NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?\.yml", fullmatch=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


@given(st.dictionaries(NAMES, TEXTS, max_size=6))
def test_the_canonical_text_holds_all_and_depends_on_nothing_else(files: dict[str, str]) -> None:
    text = canonical(files)
    assert parse(text) == files
    assert canonical(dict(reversed(files.items()))) == text
    assert len(digest(text)) == 64
    changed = {**files, "more.yml": "x"}
    assert digest(canonical(changed)) != digest(text) or changed == files


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_a_pack_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    found = read_sources(SHIPPED / name)
    write_sources(found, tmp_path / "copy")
    assert read_sources(tmp_path / "copy") == found
    assert load_pack(tmp_path / "copy").name == name


def test_line_ends_and_signs_stay_as_they_are(tmp_path: Path) -> None:
    text = "\ufeffa: 1\r\nb: “ñ” \U0001f600\n"
    (tmp_path / "pack.yml").write_bytes(text.encode())
    found = read_sources(tmp_path)
    assert found == {"pack.yml": text}
    write_sources(found, tmp_path / "there")
    assert (tmp_path / "there/pack.yml").read_bytes() == text.encode()


def test_only_what_belongs_to_a_pack_is_taken(tmp_path: Path) -> None:
    for name in (
        "pack.yml",
        "notes.md",
        "nlu/model.npz",
        ".git/config.yml",
        "flows/.x.yml",
        "a.py",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert list(read_sources(tmp_path)) == ["notes.md", "pack.yml"]


def test_what_cannot_be_published_is_found_at_once(tmp_path: Path) -> None:
    outside = tmp_path / "secret.yml"
    outside.write_text("secret")
    pack = tmp_path / "pack"
    (pack / "flows").mkdir(parents=True)
    (pack / "a.yml").symlink_to(outside)
    (pack / "b.yml").write_bytes(b"\xff\xfe")
    (pack / "c.yml").write_text("a\0b")
    (pack / "d.yml").mkdir()
    os.mkfifo(pack / "e.yml")
    (pack / "f.yml").symlink_to(pack / "gone.yml")
    (pack / "g.yml").symlink_to("g.yml")
    (pack / "pack.yml").write_text("fine")
    with pytest.raises(PackError) as found:
        read_sources(pack)
    told = {finding.file: finding.reason for finding in found.value.findings}
    assert list(told) == ["a.yml", "b.yml", "c.yml", "e.yml", "f.yml", "g.yml"]
    assert "a link that leads out" in told["a.yml"]
    assert "secret" not in str(found.value).replace("secret.yml", "")
    assert "no file" in told["e.yml"]


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        (tmp_path / f"{number}.yml").write_text("x" * 10)
    monkeypatch.setattr(sources, "MAX_BYTES", 49)
    with pytest.raises(PackError, match="file-size"):
        read_sources(tmp_path)
    monkeypatch.setattr(sources, "MAX_BYTES", 50)
    assert len(read_sources(tmp_path)) == 5
    monkeypatch.setattr(sources, "MAX_FILES", 4)
    with pytest.raises(PackError, match="file-size"):
        read_sources(tmp_path)


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no such folder"):
        read_sources(tmp_path / "gone")


@pytest.mark.parametrize("name", ["../x.yml", "/etc/x.yml", "a/../../x.yml"])
def test_nothing_is_written_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileExistsError):
        write_sources({"a.yml": "a", name: "b"}, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("mine")
    with pytest.raises(FileExistsError):
        write_sources({"a.yml": "a", "b.yml": "b"}, tmp_path)
    assert not (tmp_path / "a.yml").exists()
    assert (tmp_path / "b.yml").read_text() == "mine"
