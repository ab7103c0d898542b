"""Publishing is whole or not at all, whatever is wrong, repeated or killed."""

import asyncio
import base64
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dialogs.findings import Finding
from dialogs.loader import SHIPPED
from gateway.packs.checks import CHECKS, Check, Refused
from gateway.packs.compiling import Loaded, compile_row
from gateway.packs.publishing import publish, roll_back, withdraw_version
from gateway.packs.sources import canonical, digest, parse, read_sources
from gateway.pipeline.models import model_file
from gateway.storage import Store, decode
from gateway.storage.clients import apply_client
from gateway.storage.opening import open_store
from gateway.storage.packs import listed, revisions, whole
from gateway.storage.tables import activity, activity_blocks, metadata
from nlu.model import SHIPPED as MODEL
from tests.house.source import ROOT
from tests.packs.given import ADA, TEXTS, US, asking, edited, failing, put
from tests.pipeline.world import client

PACK = "collections-us"
TABLES = ("packs", "pack_versions", "pack_mappings", "activity", "activity_blocks")
EXAMPLES = {"nlu/en-US.yml": "nlu:\n- intent: thanks\n  examples: |\n    - cheers for that one\n"}
MODEL_BYTES = MODEL.read_bytes()


async def counts(store: Store) -> dict[str, int]:
    """How many rows each table has that publishing writes to."""
    made = {}
    for name in TABLES:
        statement = select(func.count().label("rows")).select_from(metadata.tables[name])
        [row] = await store.read(lambda tx, s=statement: tx.fetch(s))
        made[name] = row.rows
    return made


async def versions(store: Store) -> list[Any]:
    rows: list[Any] = await store.read(lambda tx: listed(tx, [PACK]))
    return rows


async def told(store: Store) -> list[tuple[str, Any]]:
    statement = (
        select(activity)
        .join(activity_blocks, activity_blocks.c.id == activity.c.block)
        .order_by(activity_blocks.c.position, activity.c.ordinal)
    )
    rows = await store.read(lambda tx: tx.fetch(statement))
    payloads = [(row.client, decode(row.payload)) for row in rows]
    return [(name, payload["pack_version"]) for name, payload in payloads if "pack" in payload]


async def test_versions_count_up_and_keep_what_was_published(store: Store) -> None:
    first = await put(store, US)
    second = await put(store, asking("Which day"), "plainer")
    assert (first.version, second.version, second.new) == (1, 2, True)
    assert first.clients == ("harbor", "meridian")
    [one, two] = await versions(store)
    assert (two.author, two.note, two.origin, two.label) == ("ada", "plainer", None, "1")
    kept = await store.read(lambda tx: whole(tx, PACK, 1))
    assert parse(kept.content) == US
    assert kept.sha256 == one.sha256 == digest(canonical(US))
    assert one.sha256 != two.sha256
    assert await told(store) == [
        ("harbor", "v1"), ("meridian", "v1"), ("harbor", "v2"), ("meridian", "v2"),
    ]  # fmt: skip


async def test_the_same_again_is_no_new_version(store: Store) -> None:
    await put(store, US)
    before = await counts(store)
    again = await put(store, dict(reversed(US.items())), "again")
    assert (again.version, again.new, again.clients) == (1, False, ())
    assert await counts(store) == before


async def test_what_was_withdrawn_may_be_published_again(store: Store) -> None:
    await put(store, US)
    await put(store, asking("Which day"))
    await withdraw_version(store, PACK, 2, ADA)
    assert (await put(store, asking("Which day"))).version == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("slots.yml", "type: money", "type: gold"), "unknown-value"),
        (("flows/care.yml", "steps:", "stepz:"), "unknown-key"),
        ((TEXTS, "  utter_opted_out:", "  utter_gone:"), "missing-response"),
        (("pack.yml", "name: collections-us", "name: Our Pack!"), "pack-name"),
        (("patterns.yml", "flows:", "flows: &a"), "yaml-feature"),
    ],
)
async def test_a_pack_with_findings_is_refused(
    store: Store, change: tuple[str, str, str], code: str
) -> None:
    before = await counts(store)
    with pytest.raises(Refused) as refused:
        await put(store, edited(change))
    assert refused.value.check == "load"
    assert code in {finding.code for finding in refused.value.findings}
    assert await counts(store) == before


async def test_checks_run_in_order_on_the_texts_that_are_stored(store: Store) -> None:
    ran: list[str] = []

    def check(name: str, *findings: Finding) -> Check:
        def run(folder: Path) -> tuple[Finding, ...]:
            ran.append(f"{name}: {(folder / 'pack.yml').read_text(encoding='utf-8')[:20]}")
            return findings

        return Check(name, run)

    bad = Finding("flows/care.yml", 3, 1, "L7", "too long", "shorten it")
    checks = (*CHECKS, check("lint"), check("tests", bad), check("never"))
    with pytest.raises(Refused) as refused:
        await publish(store, US, ADA, checks)
    assert (refused.value.check, refused.value.findings) == ("tests", (bad,))
    assert ran == ["lint: name: collections-us", "tests: name: collections-us"]
    assert await versions(store) == []


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
async def test_a_shipped_pack_passes_its_tests(store: Store, name: str) -> None:
    made = await put(store, read_sources(SHIPPED / name))
    assert (made.new, made.warnings) == (True, ())


async def test_a_pack_whose_test_fails_is_refused(store: Store) -> None:
    before = await counts(store)
    with pytest.raises(Refused) as refused:
        await put(store, US | failing("utter_handoff"))
    [finding] = refused.value.findings
    assert (refused.value.check, finding.code) == ("tests", "test-failed")
    assert (finding.file, finding.line) == ("tests/a.yml", 5)
    assert "utter_handoff" in finding.reason
    assert await counts(store) == before
    assert (await put(store, US | failing("utter_greeting"))).warnings == ()


async def test_every_failed_test_is_told_and_a_long_one_is_cut(store: Store) -> None:
    case = "- test_case: {0}\n  steps:\n  - user: /greeting\n  - bot: {0}\n"
    cases = "".join(case.format(str(n) * 5000) for n in range(1, 4))
    with pytest.raises(Refused) as refused:
        await put(store, US | {"tests/a.yml": "test_cases:\n" + cases})
    assert [finding.line for finding in refused.value.findings] == [5, 9, 13]
    assert all(len(finding.reason) < 1000 for finding in refused.value.findings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("test_cases: [}", "yaml"),
        ("tests: []", "unknown-key"),
        ("test_cases: [{test_case: a, steps: [{user: hi}, {utter: utter_gone}]}]",
         "unknown-response"),
        ("test_cases: &a []", "yaml-feature"),
    ],
)  # fmt: skip
async def test_a_test_file_with_findings_is_refused(store: Store, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await put(store, US | failing("utter_greeting") | {"tests/b.yml": text})
    assert refused.value.check == "tests"
    assert {(each.file, each.code) for each in refused.value.findings} >= {("tests/b.yml", code)}
    assert await versions(store) == []


@pytest.mark.parametrize("files", [{}, {"tests/a.yml": "test_cases: []"}])
async def test_a_pack_without_tests_is_published_with_a_warning(
    store: Store, files: dict[str, str]
) -> None:
    made = await put(store, US | files)
    assert (made.version, [each.code for each in made.warnings]) == (1, ["no-tests"])


async def test_tests_are_played_with_the_model_that_is_stored(store: Store) -> None:
    seen: list[bytes] = []

    def look(folder: Path) -> tuple[Finding, ...]:
        seen.append(model_file(folder).read_bytes())
        return ()

    checks = (*CHECKS, Check("look", look, trained=True))
    await publish(store, US | EXAMPLES, ADA, checks, lambda name, folder: MODEL_BYTES)
    assert seen == [MODEL_BYTES]
    assert "nlu/model.npz" not in parse((await store.read(lambda tx: whole(tx, PACK, 1))).content)


async def test_a_pack_that_lacks_what_its_clients_need_is_refused(store: Store) -> None:
    config = client("bay", "+12125550177", sequences=[{"name": "early_arrears"}])
    await store.transact("apply", lambda tx: apply_client(tx, config))
    sequences = "sequences.yml"
    with pytest.raises(Refused, match="has no sequence early_arrears") as refused:
        await put(store, edited((sequences, "  early_arrears:", "  first_messages:")))
    assert refused.value.check == "clients"
    assert refused.value.findings[0].file == "bay"
    with pytest.raises(Refused, match="not written for US"):
        await put(store, edited(("pack.yml", "jurisdictions: [US]", "jurisdictions: [CA]")))
    assert await versions(store) == []


async def test_two_that_publish_at_once_get_a_number_each(url: str, store: Store) -> None:
    others = [await open_store(url, daemon=False) for _ in range(3)]
    try:
        made = await asyncio.gather(
            *(put(each, asking(f"Day {at}")) for at, each in enumerate((store, *others)))
        )
    finally:
        for each in others:
            await each.close()
    assert sorted(outcome.version for outcome in made) == [1, 2, 3, 4]
    assert (await store.read(revisions))[PACK] == 4
    rows = [await store.read(lambda tx, n=n: whole(tx, PACK, n)) for n in range(1, 5)]
    assert len({parse(row.content)[TEXTS] for row in rows}) == 4


KILLED = """
import asyncio, os, signal, sys
from gateway.packs import publishing
from gateway.storage.opening import open_store
from tests.packs.given import asking, put

url, moment = sys.argv[1:]
real = getattr(publishing, moment)

async def die(tx, *given):
    await real(tx, *given)
    await tx.flush()
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    setattr(publishing, moment, die)
    store = await open_store(url, daemon=False)
    await put(store, asking("Never said"))

asyncio.run(main())
"""


@pytest.mark.parametrize("moment", ["add_version", "_tell"])
async def test_killed_halfway_nothing_is_half_done(url: str, store: Store, moment: str) -> None:
    """It dies inside its transaction, when rows are written; the next one is undisturbed."""
    await put(store, US)
    before = await counts(store)
    command = [sys.executable, "-c", KILLED, url, moment]
    ended = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert await counts(store) == before
    made = await put(store, asking("Which day"))
    assert (made.version, made.new) == (2, True)


async def test_a_roll_back_is_a_new_version(store: Store) -> None:
    await put(store, US)
    await put(store, asking("Which day"))
    made = await roll_back(store, PACK, 1, ADA)
    assert made.version == 3
    one, three = [await store.read(lambda tx, n=n: whole(tx, PACK, n)) for n in (1, 3)]
    assert (one.content, one.sha256) == (three.content, three.sha256)
    assert three.origin == 1


async def test_what_is_not_there_is_neither_rolled_back_nor_withdrawn(store: Store) -> None:
    await put(store, US)
    await put(store, asking("Which day"))
    await withdraw_version(store, PACK, 1, ADA)
    before = await counts(store)
    for attempt in (roll_back, withdraw_version):
        for name, number in ((PACK, 1), (PACK, 9), ("no-such-pack", 1)):
            with pytest.raises(Refused, match="there is no such version, or it is withdrawn"):
                await attempt(store, name, number, ADA)
    assert await counts(store) == before


async def test_the_last_version_that_clients_have_is_not_withdrawn(store: Store) -> None:
    own = edited(("pack.yml", "name: collections-us", "name: own"))
    await put(store, own)
    config = client("bay", "+12125550177", pack="own")
    await store.transact("apply", lambda tx: apply_client(tx, config))
    with pytest.raises(Refused, match="it is all that bay can run on"):
        await withdraw_version(store, "own", 1, ADA)
    await put(store, edited((TEXTS, "You are welcome.", "Any time."), base=own))
    assert (await withdraw_version(store, "own", 1, ADA)).clients == ()


async def test_withdrawing_the_newest_puts_the_one_before_in_force(store: Store) -> None:
    await put(store, US)
    await put(store, asking("Which day"))
    assert (await withdraw_version(store, PACK, 2, ADA)).clients == ("harbor", "meridian")
    assert (await withdraw_version(store, PACK, 1, ADA)).clients == ("harbor", "meridian")
    assert (await told(store))[-4:] == [
        ("harbor", "v1"), ("meridian", "v1"), ("harbor", "1"), ("meridian", "1"),
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)  # dear, and the same on any store
async def test_examples_train_a_model_that_is_kept_with_the_version(store: Store) -> None:
    """Trained once for the same examples, and anew where they change."""
    trained: list[str] = []

    def train(name: str, folder: Path) -> bytes:
        trained.append((folder / "nlu/en-US.yml").read_text(encoding="utf-8"))
        return MODEL_BYTES

    for number, words in enumerate(("Day one", "Day two"), 1):
        made = await publish(store, asking(words) | EXAMPLES, ADA, trained=train)
        assert made.version == number
    more = {"nlu/en-US.yml": EXAMPLES["nlu/en-US.yml"] + "    - cheers for this one\n"}
    await publish(store, asking("Day two") | more, ADA, trained=train)
    await publish(store, asking("Day two"), ADA, trained=train)
    assert trained == [EXAMPLES["nlu/en-US.yml"], more["nlu/en-US.yml"]]
    rows = [await store.read(lambda tx, n=n: whole(tx, PACK, n)) for n in range(1, 5)]
    assert base64.b64decode(rows[0].model) == base64.b64decode(rows[1].model) == MODEL_BYTES
    assert rows[0].model_data == rows[1].model_data != rows[2].model_data
    assert rows[3].model is None
    loaded = [compile_row(row) for row in (rows[0], rows[3])]
    assert all(isinstance(each, Loaded) for each in loaded)
    assert [each.understander is not None for each in loaded] == [True, False]


async def test_a_pack_whose_examples_contradict_the_base_is_refused(store: Store) -> None:
    wrong = {"nlu/en-US.yml": "nlu:\n- intent: pay_now\n  examples: |\n    - stop texting me\n"}
    with pytest.raises(Refused, match=r"means pay_now here and") as refused:
        await put(store, US | wrong)
    assert refused.value.check == "examples"
    unknown = {"nlu/en-US.yml": "nlu:\n- intent: pay_later\n  examples: |\n    - later\n"}
    with pytest.raises(Refused, match="pay_later"):
        await put(store, US | unknown)


async def test_a_training_that_fails_publishes_nothing(store: Store) -> None:
    def fail(name: str, folder: Path) -> bytes:
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        await publish(store, US | EXAMPLES, ADA, trained=fail)
    assert await versions(store) == []


def test_the_page_names_every_check() -> None:
    page = (ROOT / "docs/dialog-versions.md").read_text(encoding="utf-8")
    table = page.partition("| check |")[2].partition("\n\n")[0]
    named = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert named == ["files", *(check.name for check in CHECKS), "clients"]
