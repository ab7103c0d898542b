"""Some minutes of traffic on a virtual clock, and that whoever judges them would notice."""

import pytest
from msgspec import structs

from tests.hour.judge import Choice, Kept, Taken, Trial
from tests.hour.town import UNPACED, Size, Town

A, B = "+12125551000", "+12125551001"
US = "+12125550100"
FAULTS = ("late", "drop", "error", "throttle", "duplicate", "early", "disorder", "stranger")
FAIR = Trial(
    taken=[
        Taken(10.0, A, US, "one", "a1"),
        Taken(20.0, A, US, "stopped", "a2"),
        Taken(40.0, A, US, "again", "a3"),
        Taken(40.2, B, US, "other", "b1"),
    ],
    kept=[
        Kept("1", A, "one", "reply", "delivered"),
        Kept("2", A, "stopped", "confirmation", "sent"),
        Kept("3", A, "again", "reply", "sent"),
        Kept("4", B, "other", "outreach", "failed", "undecided"),
        Kept("5", A, "late", "reply", "suppressed", "opt_out"),
        Kept("6", B, "morrow", "outreach", "waits"),
    ],
    choices=[Choice(19.0, A, True), Choice(30.0, A, False)],
    claims={"a1": 9.9, "a2": 19.9, "a3": 39.9, "b1": 40.1},
    paces={US: 2.0},
    on_way=20.0,
)


def with_taken(*more: Taken, **changes: object) -> list[str]:
    return structs.replace(FAIR, taken=[*FAIR.taken, *more], **changes).problems()


def with_kept(*more: Kept) -> list[str]:
    return structs.replace(FAIR, kept=[*FAIR.kept, *more]).problems()


def test_a_fair_hour_has_no_problems() -> None:
    assert FAIR.problems() == []


def test_a_doubled_message_is_noticed() -> None:
    assert with_taken(Taken(50.0, A, US, "one", "a4")) == ["1 is delivered and went 2 times"]


def test_a_doubled_message_that_a_person_was_asked_about_is_noticed() -> None:
    (found,) = with_taken(Taken(50.0, B, US, "other", "b2"))
    assert found == "4 is failed (undecided) and went 2 times"


def test_a_message_of_nobodys_is_noticed() -> None:
    assert with_taken(Taken(50.0, B, US, "what", "b2")) == [f"nobody's: 'what' to {B}"]


@pytest.mark.parametrize(
    ("kept", "problem"),
    [
        (Kept("7", B, "lost", "reply", "sent"), "7 is sent and was never taken"),
        (Kept("7", B, "lost", "reply", "queued"), "7 is queued in the end"),
        (Kept("7", B, "lost", "reply", "sending"), "7 is sending in the end"),
    ],
)
def test_a_lost_message_is_noticed(kept: Kept, problem: str) -> None:
    assert with_kept(kept) == [problem]


def test_a_lost_text_is_noticed() -> None:
    assert structs.replace(FAIR, unheard=["SM1"]).problems() == ["the text SM1 was lost"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [("suppressed", "opt_out"), ("cancelled", None), ("waits", None), ("failed", "temporary")],
)
def test_a_message_that_went_and_should_not_have_is_noticed(
    status: str, reason: str | None
) -> None:
    kept = [*FAIR.kept[1:], Kept("1", A, "one", "reply", status, reason)]
    (found,) = structs.replace(FAIR, kept=kept).problems()
    assert found.endswith("and went all the same")


def test_a_message_after_an_opt_out_is_noticed() -> None:
    claims = {**FAIR.claims, "a3": 25.0}
    (found,) = structs.replace(FAIR, claims=claims).problems()
    assert found == f"{A} was written to at 40.000, after its opt-out"


def test_a_claim_before_an_opt_out_excuses_only_so_long() -> None:
    (found,) = structs.replace(FAIR, claims={**FAIR.claims, "a3": 18.0}).problems()
    assert found == f"{A} was written to 22.0 s after the claim"


def test_a_second_confirmation_is_noticed() -> None:
    (found,) = structs.replace(
        FAIR,
        taken=[*FAIR.taken, Taken(22.0, A, US, "stopped 2", "a5")],
        kept=[*FAIR.kept, Kept("8", A, "stopped 2", "confirmation", "sent")],
    ).problems()
    assert found == f"{A} had its opt-out of 19.000 confirmed twice"


def test_one_over_the_pace_is_noticed() -> None:
    more = Taken(40.9, B, US, "third", "b3")
    kept = Kept("9", B, "third", "reply", "sent")
    trial = structs.replace(FAIR, taken=[*FAIR.taken, more], kept=[*FAIR.kept, kept])
    assert trial.problems() == [f"{US}: 3 segments in the second up to 40.900"]


def test_every_message_exactly_once(url: str) -> None:
    processes = 1 if url.startswith("sqlite") else 2
    town = Town(url, Size(90, 0.4, 40, processes), seed=5)
    trial = town.run()
    assert trial.problems() == []
    assert all(town.done[fault] for fault in FAULTS)
    assert any(name.startswith("stops") for name in town.done)
    assert town.done["kills"]
    assert town.done["opt-outs"]
    assert len(trial.taken) > 150


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_this_traffic_breaks_a_pace_that_is_not_kept(url: str) -> None:
    town = Town(url, Size(30, 0.25, 20, 1), seed=5, config=UNPACED)
    assert any("segments in the second" in problem for problem in town.run().pace())
