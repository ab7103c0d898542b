"""`gateway dialogs replay`: what it prints and writes, and its exit codes."""

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.values import Money
from gateway.clients import ConfigurationError
from gateway.clock import moment
from gateway.commands.dialogs_replay import Bar
from gateway.storage import StoreError
from gateway.storage.tables import customers, inbox
from tests.packs.given import TEXTS, edited
from tests.packs.test_command import dialogs, lay
from tests.pipeline.world import World, meant, text_from
from tests.replay.lives import Lives, real

SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"
PROBE = """<iframe id=f width=360 height=900></iframe><p id=o></p><script>
f.srcdoc = SHOWN;
f.onload = () => { o.textContent = "wide " + f.contentDocument.documentElement.scrollWidth; };
</script>"""
"""A page that tells how wide another is on a screen of 360 pixels."""
ALWAYS = ("--since", "2026-11-01", "--until", "2028-01-01")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return lay(
        tmp_path / "draft", edited((TEXTS, "What day can you pay", "Which day suits you to pay"))
    )


async def test_a_draft_that_says_it_otherwise(
    world: World, url: str, draft: Path, tmp_path: Path
) -> None:
    await Lives(real(world), 3).lead(20, 8)
    page, before = tmp_path / "report.html", await rows(world)
    ran = await dialogs(url, "replay", draft, *ALWAYS, "--html", page)
    assert ran.exit_code == 1, ran.output
    assert "utter_ask_promise_date" in ran.stdout
    assert "By intent or event" in ran.stdout
    assert "unknown from here on" in ran.stdout
    assert ran.stderr == ""  # no bar where nobody looks
    text = page.read_text(encoding="utf-8")
    assert "Which day suits you to pay" in text
    assert "<script" not in text
    assert await rows(world) == before


async def rows(world: World) -> list[Any]:
    return [await world.rows(table) for table in (inbox, customers)]


async def test_the_published_pack_differs_in_nothing(world: World, url: str) -> None:
    await Lives(real(world), 4).lead(10, 5)
    ran = await dialogs(url, "replay", "collections-us", *ALWAYS, "--json")
    assert ran.exit_code == 0, ran.output
    found = json.loads(ran.stdout)
    assert found["events"]["differing"] == 0 < found["events"]["compared"]
    assert found["record"]["same"] == found["record"]["messages"] > 0


async def test_against_another_pack(world: World, url: str, draft: Path) -> None:
    """Both sides are named, and the one that ran then is only where they come from."""
    await Lives(real(world), 4).lead(10, 5)
    same = await dialogs(url, "replay", draft, "--against", draft, *ALWAYS, "--json")
    assert same.exit_code == 0, same.output
    other = await dialogs(
        url, "replay", "collections-us", "--against", draft, *ALWAYS, "--json", "--samples", "1"
    )
    assert other.exit_code == 1
    found = json.loads(other.stdout)
    assert (found["first"], found["second"]) == (str(draft), "collections-us@shipped")
    assert len(found["samples"]) == 1
    first, second = found["samples"][0]["sides"]
    assert "Which day suits" in first["messages"][0]["text"]
    assert "What day can you" in second["messages"][0]["text"]


async def test_nothing_to_replay(world: World, url: str) -> None:
    ran = await dialogs(url, "replay", "collections-us", "--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["conversations"]["all"] == 0


async def test_the_draft_reads_anew(world: World, url: str, tmp_path: Path) -> None:
    """What was stored was another's understanding: the draft's own model finds the promise."""
    real(world).reader.known = {}
    await world.place()
    await world.hear(text_from(text="I can pay $50 on Friday"))
    ran = await dialogs(url, "replay", "collections-us", *ALWAYS, "--understand", "draft", "--json")
    assert ran.exit_code == 1, ran.output
    assert json.loads(ran.stdout)["intents"] == [
        {"first": "out_of_scope", "second": "promise_to_pay", "count": 1}
    ]


async def test_one_client_and_the_latest(world: World, url: str) -> None:
    await Lives(real(world), 5).lead(8, 4)
    ran = await dialogs(url, "replay", "collections-us", *ALWAYS, "--json", "--limit", "3")
    assert json.loads(ran.stdout)["conversations"]["all"] == 3
    ran = await dialogs(url, "replay", "collections-us", *ALWAYS, "--json", "--client", "meridian")
    assert json.loads(ran.stdout)["conversations"]["all"] == 0


async def test_hostile_texts_are_text(world: World, url: str, draft: Path, tmp_path: Path) -> None:
    real(world).reader.known = {SCRIPT: meant("promise_to_pay"), "{{ 7*7 }}": meant("greeting")}
    await world.place()
    await world.hear(text_from(text="{{ 7*7 }}"))
    world.clock.forward(60)
    await world.hear(text_from(text=SCRIPT))
    page = tmp_path / "report.html"
    ran = await dialogs(url, "replay", draft, *ALWAYS, "--html", page)
    assert ran.exit_code == 1, ran.output
    text = page.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text
    for bad in ("<script", "<img", "onerror=alert(1)>"):
        assert bad not in text
    assert "\x1b" not in ran.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "soon"), "'soon' is no moment"),
        (("--since", "2d", "--until", "3d"), "nothing is since 2d"),
        (("--until", "2026-13-01"), "is no moment"),
        (("--client", "nobody"), "there is no client 'nobody'"),
        (("--samples", "-1"), "--samples"),
        (("--limit", "0"), "--limit"),
    ],
)
async def test_usage(world: World, url: str, words: tuple[str, ...], said: str) -> None:
    ran = await dialogs(url, "replay", "collections-us", *words)
    assert ran.exit_code == 2
    assert said in ran.stderr


async def test_a_bad_draft_is_findings(world: World, url: str, draft: Path) -> None:
    (draft / "slots.yml").write_text("slots: [", encoding="utf-8")
    for words in ((draft,), ("collections-us", "--against", draft), ("no-such-pack",)):
        ran = await dialogs(url, "replay", *words)
        assert ran.exit_code == 1
        assert ran.stderr.startswith("gateway: ")
        assert "Traceback" not in ran.output
    assert "slots.yml:" in (await dialogs(url, "replay", draft)).stderr


async def test_a_page_that_cant_be_written(world: World, url: str, tmp_path: Path) -> None:
    ran = await dialogs(url, "replay", "collections-us", "--html", tmp_path / "no" / "x.html")
    assert ran.exit_code == 2
    assert "No such file" in ran.stderr


async def test_the_database_is_down(tmp_path: Path) -> None:
    ran = await dialogs("postgresql://127.0.0.1:1/none", "replay", "collections-us")
    assert isinstance(ran.exception, StoreError)
    ran = await dialogs("oracle://x", "replay", "collections-us")
    assert isinstance(ran.exception, ConfigurationError)


def test_the_bar_is_for_people() -> None:
    written: list[str] = []
    for shown in (False, True):
        bar = Bar(shown, written.append)
        bar(500, None)
        bar(1, 2)
        bar(1, 2)
        bar.end()
    assert written == ["\r\x1b[K500 rows looked at", "\r\x1b[K1 of 2 conversations", "\r\x1b[K"]


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed")
    return found


async def test_the_page_stands_on_a_phone(
    world: World, url: str, draft: Path, tmp_path: Path, chromium: str
) -> None:
    """Nothing runs in it, and nothing is wider than the screen."""
    await Lives(real(world), 3).lead(10, 6)
    page = tmp_path / "report.html"
    await dialogs(url, "replay", draft, *ALWAYS, "--html", page)
    shown = json.dumps(page.read_text(encoding="utf-8")).replace("</", "<\\/")
    probe = tmp_path / "probe.html"
    probe.write_text(PROBE.replace("SHOWN", shown), encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000"]
    ran = subprocess.run([*command, probe.as_uri()], capture_output=True, text=True, timeout=120)
    assert "wide " in ran.stdout, ran.stderr
    wide = int(ran.stdout.split('id="o">wide ')[1].split("<")[0])
    assert wide <= 360


async def test_a_diagram_with_the_traffic_of_the_store(world: World, url: str) -> None:
    when = moment(world.clock.now).date()
    known = meant("promise_to_pay", Money(5000, "USD"), when + timedelta(days=3))
    real(world).reader.known = {"50 on friday": known, "yes": meant("affirm")}
    await world.place()
    await world.hear(text_from(text="50 on friday"))
    world.clock.forward(60)
    await world.hear(text_from(text="yes"))
    words = ("diagram", "collections-us", "promise_to_pay", "--traffic", "store")
    drawn = await dialogs(url, *words, "--since", "2026-11-01")
    assert drawn.exit_code == 0, drawn.output
    assert 'if slots.promise_confirmed<br/>1x"' in drawn.stdout
    none = await dialogs(url, *words, "--since", "2026-11-01", "--client", "meridian")
    assert none.exit_code == 0
    assert none.stdout != drawn.stdout
    bad = await dialogs(url, *words, "--since", "soon")
    assert (bad.exit_code, "is no moment" in bad.stderr) == (2, True)
    bad = await dialogs(url, *words[:-1], "no-such-file")
    assert bad.exit_code == 2
