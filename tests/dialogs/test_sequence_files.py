"""`sequences.yml`: each mistake is a finding with its place and mend."""

import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from dialogs import schema
from dialogs.findings import Finding, PackError
from dialogs.loader import SHIPPED, load_pack, load_shipped
from dialogs.sequences import ALWAYS, USUAL, Exit, Start
from domain.values import ChannelKind

STEP = "- {flow: reminder}"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(SHIPPED / "collections-us", copy)
    return copy


def sequence(steps: str = STEP, more: str = "") -> str:
    body = "".join(f"\n      {line}" for line in steps.splitlines())
    extra = "".join(f"\n    {line}" for line in more.splitlines())
    return f"sequences:\n  gentle:{extra}\n    steps:{body}\n"


def experiment(more: str) -> str:
    steps = "- {id: a, flow: reminder}\n- {id: b, wait: P3D, flow: reminder}"
    extra = "".join(f"\n    {line}" for line in more.splitlines())
    return sequence(steps) + f"experiments:\n  tone:{extra}\n"


TWO = "arms: {x: {weight: 50}, y: {weight: 50, steps: {b: {wait: P5D}}}}"
TOLD = "sequence: gentle\nhorizon: P60D"
WAITED = "- {flow: reminder}\n- {flow: reminder, wait: P1D, if: 'context.account.segment = \"b\"'}"
MISTAKES = {
    "unknown flow": (sequence("- {flow: remainder}"), "unknown-flow", "no flow remainder"),
    "a pattern": (sequence("- {flow: pattern_no_reply}"), "unknown-flow", "no flow pattern"),
    "no wait": (sequence(f"{STEP}\n{STEP}"), "sequence-wait", "no time lies"),
    "wait 0": (sequence(f"{STEP}\n- {{flow: reminder, wait: P0D}}"), "sequence-wait", "no time"),
    "wait": (sequence("- {flow: reminder, wait: 3 days}"), "duration", "no length of time"),
    "long wait": (sequence("- {flow: reminder, wait: P400D}"), "duration", "366"),
    "time": (sequence('- {flow: reminder, at: "25:00"}'), "time", "no time of day"),
    "channel": (sequence("- {flow: reminder, channel: fax}"), "unknown-value", "fax"),
    "same": (
        sequence("- {flow: reminder, channel: sms, fallback: sms}"), "sequence-fallback", "itself",
    ),
    "no channel": (sequence("- {flow: reminder, fallback: sms}"), "sequence-fallback", "without"),
    "never": (sequence("- {flow: reminder, if: false}"), "sequence-never", "can never run"),
    "never here": (
        sequence(WAITED, "if: context.account.segment = 'a'".replace("'", '"')),
        "sequence-never", "step_2 can never run",
    ),
    "nobody": (
        sequence(more="if: context.account.balance > 5 and context.account.balance < 3"),
        "sequence-never", "no account can meet",
    ),
    "slots": (sequence(more="if: slots.promise_amount > 3"), "condition", "slots.promise_amount"),
    "event": (sequence(more="if: context.event.amount > 3"), "condition", "context.event"),
    "typed": (sequence(more='if: context.account.balance > "x"'), "condition", "balance"),
    "start": (sequence(more="start: [whenever]"), "unknown-value", "whenever"),
    "no schedule": (sequence(more="start: [schedule]"), "sequence-schedule", "go together"),
    "schedule": (sequence(more='schedule: {at: "10:00"}'), "sequence-schedule", "go together"),
    "no day": (
        sequence(more='start: [schedule]\nschedule: {at: "10:00", on: []}'),
        "sequence-schedule", "no day",
    ),
    "day": (
        sequence(more='start: [schedule]\nschedule: {at: "10:00", on: [monday]}'),
        "unknown-value", "monday",
    ),
    "exit": (sequence(more="exit: [birthday]"), "unknown-value", "birthday"),
    "again": (sequence(more="again: PT5H"), "sequence-again", "within a day"),
    "no steps": ("sequences:\n  gentle:\n    steps: []\n", "sequence-steps", "from 1 to 30"),
    "steps": ("sequences:\n  gentle:\n    if: true\n", "missing-key", "steps is missing"),
    "twice": (
        sequence("- {id: a, flow: reminder}\n- {id: a, wait: P1D, flow: reminder}"),
        "step-twice", "a stands twice",
    ),
    "name": ("sequences:\n  Gentle One:\n    steps: [{flow: reminder}]\n", "name", "Gentle One"),
    "key": (sequence("- {flow: reminder, delay: P3D}"), "unknown-key", "delay"),
    "shape": ("sequences: [1]\n", "shape", "a mapping"),
    "weights": (
        experiment(f"{TOLD}\narms: {{x: {{weight: 50}}, y: {{weight: 40}}}}"),
        "experiment-weights", "add up to 90",
    ),
    "one arm": (experiment(f"{TOLD}\narms: {{x: {{weight: 100}}}}"), "experiment-arm", "2 to 10"),
    "holdout arm": (
        experiment(f"{TOLD}\narms: {{x: {{weight: 50}}, holdout: {{weight: 50}}}}"),
        "experiment-arm", "not written to",
    ),
    "no end": (experiment(f"sequence: gentle\n{TWO}"), "experiment-end", "not fixed"),
    "two ends": (experiment(f'{TOLD}\nuntil: "2027-01-31"\n{TWO}'), "experiment-end", "twice"),
    "end": (experiment(f"sequence: gentle\nuntil: soon\n{TWO}"), "day", "no day"),
    "horizon": (
        experiment(f"sequence: gentle\nhorizon: PT3H\n{TWO}"), "experiment-end", "nobody in",
    ),
    "step": (experiment(f"{TOLD}\n{TWO.replace('b:', 'c:')}"), "unknown-step", "no step c"),
    "arm flow": (
        experiment(f"{TOLD}\n{TWO.replace('wait: P5D', 'flow: nope')}"), "unknown-flow", "nope",
    ),
    "arm wait": (experiment(f"{TOLD}\n{TWO.replace('P5D', 'P0D')}"), "sequence-wait", "no time"),
    "no change": (
        experiment(f"{TOLD}\n{TWO.replace('wait: P5D', '')}"), "experiment-arm", "nothing",
    ),
    "whose": (experiment(f"{TOLD}\n{TWO}".replace("gentle", "x")), "unknown-sequence", "x"),
    "two": (
        experiment(f"{TOLD}\n{TWO}") + f"  more: {{sequence: gentle, horizon: P9D, {TWO}}}\n",
        "experiment-twice", "already",
    ),
    "big holdout": (experiment(f"{TOLD}\nholdout: 60\n{TWO}"), "shape", "0 to 50"),
}  # fmt: skip


def findings(folder: Path, text: str) -> tuple[Finding, ...]:
    (folder / "sequences.yml").write_text(text)
    with pytest.raises(PackError) as error:
        load_pack(folder)
    return error.value.findings


@pytest.mark.parametrize(("text", "code", "reason"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place(pack: Path, text: str, code: str, reason: str) -> None:
    found = findings(pack, text)
    assert any(each.code == code and reason in each.reason for each in found), found
    for each in found:
        assert each.file == "sequences.yml"
        assert 1 <= each.line <= len(text.splitlines())
        assert each.column >= 1
        assert each.mend


def test_a_flow_that_tells_of_the_debt_is_none_for_a_sequence(pack: Path) -> None:
    """Not by itself, nor by what it calls."""
    texts = pack / "responses/en-US.yml"
    texts.write_text(texts.read_text().replace("We would like to help. See", "You owe {balance}:"))
    flows = pack / "flows/outreach.yml"
    flows.write_text(flows.read_text() + "  around:\n    steps: [{call: reminder_again}]\n")
    found = findings(pack, sequence("- {flow: reminder}\n- {flow: around, wait: P3D}"))
    (secret,) = [each for each in found if each.code == "sequence-secret"]
    assert (secret.line, "utter_reminder_again" in secret.reason) == (5, True)


def test_a_pack_needs_none(pack: Path) -> None:
    (pack / "sequences.yml").unlink()
    assert load_pack(pack).sequences == {}


def test_what_is_read(pack: Path) -> None:
    text = experiment(f"{TOLD}\nholdout: 5\n{TWO}").replace(
        "  gentle:\n",
        "  gentle:\n    exit: [said, link_opened]\n    again: P30D\n    start: [update, api]\n",
    )
    (pack / "sequences.yml").write_text(text)
    read = load_pack(pack)
    gentle = read.sequences["gentle"]
    assert gentle.exits == {Exit.SAID, Exit.LINK_OPENED} | ALWAYS
    assert (gentle.again, gentle.start) == (30, {Start.UPDATE, Start.API})
    tone = read.experiments["gentle"]
    assert (tone.holdout, tone.horizon, tone.arms["y"].changes["b"].wait) == (5, 60, (5, 0))


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_the_shipped_ones(name: str) -> None:
    shipped = load_shipped(name).sequences
    early = shipped["early_arrears"]
    assert early.exits == USUAL | ALWAYS
    days = [0]
    for step in early.steps[1:]:
        days.append(days[-1] + step.wait.days)
    assert days == [0, 3, 7, 12]
    assert [step.channel for step in early.steps] == [
        ChannelKind.SMS, ChannelKind.EMAIL, ChannelKind.SMS, ChannelKind.SMS,
    ]  # fmt: skip
    assert shipped["promise_broken"].start == {Start.SCHEDULE, Start.API}


@pytest.mark.parametrize("case", ["channel", "start", "key", "steps", "time", "big holdout"])
def test_editors_see_it_too(case: str) -> None:
    validator = Draft202012Validator(schema.schemas()["sequences"])
    wrong = YAML(typ="safe", pure=True).load(MISTAKES[case][0])
    assert list(validator.iter_errors(wrong))
