"""Who notices a change: the loader, the pack's tests, other checks, or nobody."""

from pathlib import Path

import pytest

from dialogs.findings import Finding, PackError
from dialogs.loader import Examined, examine
from dialogs.mutation.making import mutants
from dialogs.mutation.mutant import Theme
from dialogs.mutation.survivors import percent, read_survivors, share, stale
from dialogs.mutation.trial import Checker, FailingTests, Trial, Verdict
from dialogs.scripts.outside import CLOSED
from dialogs.scripts.reading import read_text
from tests.dialogs.mutation.conftest import CASES, Folder

FLAT = CASES.replace('      - bot: "Thank you."\n', "")
"""Cases that do not look at the last words."""


def verdicts(folder: Path, *checkers: Checker) -> dict[str, Verdict]:
    """By the place, operator and change of the mutant."""
    examined = examine(folder)
    assert examined.pack is not None, examined.findings
    cases = read_text((folder / "tests/all.yml").read_text(), "tests/all.yml", examined.pack)
    trial = Trial(folder, examined, examined.pack, cases, CLOSED, checkers)
    judged = [trial.judge(mutant) for mutant in mutants(examined)]
    return {"/".join((*v.mutant.where[1:], v.mutant.operator, v.mutant.change)): v for v in judged}


@pytest.fixture(scope="module")
def plain(folder: Folder) -> dict[str, Verdict]:
    return verdicts(folder())


def by(found: dict[str, Verdict], name: str) -> str | None:
    (verdict,) = (each for key, each in found.items() if key.startswith(name))
    return None if verdict.same else verdict.by


@pytest.mark.parametrize(
    ("name", "noticed"),
    [
        ("pay/guard-negated", "test: it is paid"),
        ("pay/trigger-out/trigger pay_now", "test: it is paid"),
        ("pay/check/branch-negated/if slots.sure:", "test: it is paid"),
        ("pay/check/branch-out/if slots.sure:", "test: it is paid"),
        ("pay/check/question-out", "loader: missing-response"),
        ("amount/mapping-out", "loader: slot-never-filled"),
        ("pattern_safety/utter_crisis/step-out", "loader: locked-pattern"),
        ("en-US/utter_small/1/text-blank", "test: it is paid"),
        ("en-US/utter_sure/1/text-reworded", "test: it is paid"),
        # What is known to survive: nothing looks there.
        ("pay/guard-out", None),
        ("pay/amount/rejection-out", None),
        ("paid/on-out", None),
        ("max_tries-changed", None),
        ("en-US/utter_there/1/text-blank", None),
        ("en-US/utter_thanks/2/condition-out", "loader: unverified-fact"),
        ("en-US/utter_thanks/2/condition-negated", None),
        ("en-US/utter_closing/1/text-blank", None),
    ],
)
def test_who_notices(plain: dict[str, Verdict], name: str, noticed: str | None) -> None:
    assert str(by(plain, name)).partition(" (")[0] == str(noticed)


def test_what_leads_to_the_end_is_not_led_there(plain: dict[str, Verdict]) -> None:
    assert not [name for name in plain if name.startswith("pay/utter_small/next-ended")]


def test_a_failure_is_told_by_its_place(plain: dict[str, Verdict]) -> None:
    assert by(plain, "en-US/utter_small/1/text-blank") == "test: it is paid (tests/all.yml:10)"


def test_a_test_that_looks_away_lets_a_change_live(folder: Folder) -> None:
    found = verdicts(folder(tests_all=FLAT))
    assert by(found, "en-US/utter_small/1/text-blank") is None
    assert by(found, "en-US/utter_sure/1/text-blank") is not None


def test_a_change_that_is_none_counts_nowhere(plain: dict[str, Verdict]) -> None:
    last = plain["pay/over/next-ended/then END"]
    assert last.same
    assert not last.survived
    assert share([last], compliance=False) == (0, 0)


def test_how_many_tests_pass_a_place(plain: dict[str, Verdict]) -> None:
    assert plain['en-US/utter_small/1/text-blank/text: "Thank you.": left blank'].tests == 1
    assert plain['en-US/utter_thanks/1/text-blank/text: "We have it.": left blank'].tests == 0


def test_other_checks_are_asked_and_what_they_knew_before_counts_not(folder: Folder) -> None:
    def closed(examined: Examined) -> list[Finding]:
        assert examined.pack is not None
        count = sum(len(flow.steps) for flow in examined.pack.flows.values())
        old = Finding("pack.yml", 1, 1, "old", f"always there, with {count} steps", "none")
        if examined.pack.settings.closing is None:
            return [old, Finding("pack.yml", 9, 1, "no-closing", "no closing line", "add it")]
        return [old]

    found = verdicts(folder(), closed)
    assert by(found, "closing-out") == "lint: no-closing"
    assert {v.by for v in found.values() if v.by and v.by.startswith("lint")} == {
        "lint: no-closing"
    }
    assert by(found, "paid/on-out") is None


def test_tests_that_fail_before_are_refused(folder: Folder) -> None:
    place = folder(tests_all=CASES.replace("How much?", "How many?"))
    with pytest.raises(FailingTests, match="it is paid"):
        verdicts(place)


EXPLAINED = "survivors:\n  {id}: Nothing hangs on it.\n"


class TestSurvivors:
    def test_none_where_there_is_no_file(self, folder: Folder) -> None:
        assert read_survivors(folder()) == {}

    def test_reasons_by_id(self, folder: Folder) -> None:
        place = folder(survivors=EXPLAINED.format(id="flow/a/b/0a0a0a"))
        assert read_survivors(place) == {"flow/a/b/0a0a0a": "Nothing hangs on it."}

    @pytest.mark.parametrize(
        ("text", "finding"),
        [
            ("surviors: {}\n", "unknown-key"),
            ("", "shape"),
            ("{}", "missing-key"),
            ("survivors: [a]\n", "shape"),
            ('survivors: {a/b: ""}\n', "a/b has no reason"),
            ('survivors: {a/b: " "}\n', "a/b has no reason"),
            ("survivors: {a/b: 3}\n", "text is expected"),
            ("survivors: {a/b: }\n", "text is expected"),
            ("survivors: {a: b, a: c}\n", "a stands twice"),
            ("survivors: [\n", "not YAML"),
        ],
    )
    def test_what_is_wrong_is_told(self, folder: Folder, text: str, finding: str) -> None:
        with pytest.raises(PackError, match=finding):
            read_survivors(folder(survivors=text))

    def test_an_explanation_of_what_is_noticed_or_gone_is_stale(
        self, folder: Folder, plain: dict[str, Verdict]
    ) -> None:
        found = plain
        every = [verdict.mutant for verdict in found.values()]
        caught = next(v.mutant.id for v in found.values() if v.by)
        alive = next(v.mutant.id for v in found.values() if v.survived)
        place = folder(survivors=f"survivors:\n  {caught}: a\n  {alive}: b\n  gone/x/000000: c\n")
        told = stale(read_survivors(place), every, list(found.values()))
        assert [(each.line, each.code) for each in told] == [
            (2, "survivor-stale"), (4, "survivor-stale"),
        ]  # fmt: skip
        assert "noticed by now" in told[0].reason
        assert "no change of this pack" in told[1].reason


def test_shares_are_of_compliance_and_of_the_rest(plain: dict[str, Verdict]) -> None:
    found = list(plain.values())
    grave = [v for v in found if v.mutant.theme is Theme.COMPLIANCE and not v.same]
    noticed, total = share(found, compliance=True)
    assert (noticed, total) == (sum(v.by is not None for v in grave), len(grave))
    assert 0 < noticed < total
    assert sum(share(found, grave)[1] for grave in (True, False)) == sum(not v.same for v in found)


@pytest.mark.parametrize(
    ("noticed", "total", "shown"), [(0, 0, 100.0), (1999, 2000, 99.9), (2, 3, 66.6), (3, 3, 100.0)]
)
def test_a_share_is_never_rounded_up(noticed: int, total: int, shown: float) -> None:
    assert percent(noticed, total) == shown
