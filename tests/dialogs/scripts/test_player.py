"""Played cases: what happens, in which order, and what each check notices."""

import random
from datetime import datetime, timedelta

import msgspec
import pytest

from dialogs.decide import Decision, decide
from dialogs.loader import SHIPPED, load_shipped
from dialogs.pack import Pack
from dialogs.scripts.outside import CLOSED, Outside, Proposal, Ruling
from dialogs.scripts.player import Played, Player
from dialogs.scripts.reading import files_of, read_files, read_text
from dialogs.scripts.rehearsal import rehearse
from dialogs.scripts.transcript import report, transcript
from dialogs.state import State
from domain.events import Event, TimerDue
from domain.messages import Category
from tests.dialogs.play import START
from tests.dialogs.scripts.conftest import Plays
from tests.dialogs.walk.circumstances import start
from tests.dialogs.walk.running import PACKS
from tests.dialogs.walk.steps import steps
from tests.dialogs.walk.walker import Walker

PROMISE = "  - user: '/promise_to_pay{amount: 50, date: P4D}'\n"
UNSURE = "  - user: x\n    intent: {promise_to_pay: 0.1}\n"
UPDATED = """
  - event: {host_updated: {change: balance, balance: 10}}
  - verify: true
  - user: /balance_query
"""
TAKEN = """
  - event: {person_took: {agent: Ann}}
  - user: /greeting
  - nothing_sent: true
  - event: {handed_back: {resume: false}}
"""
PROMISED = PROMISE + "  - user: '/affirm{text: \"yes\"}'\n"


def failure(played: Played) -> tuple[str, str]:
    assert played.failure is not None
    return played.failure.expected, "\n".join(played.failure.came)


def timers(played: Played) -> list[tuple[str, datetime]]:
    return [
        (turned.event.kind, turned.event.at)
        for scene in played.scenes
        for turned in scene.beat.turns
        if isinstance(turned.event, TimerDue)
    ]


def test_timers_fire_in_order_at_their_own_time(plays: Plays) -> None:
    (played,) = plays(PROMISED + "  - advance: P30D\n")
    assert [(kind, at.strftime("%d %H:%M")) for kind, at in timers(played)] == [
        ("promise_reminder", "24 09:00"), ("no_reply", "24 10:00"),
        ("promise_reminder", "26 09:00"),
    ]  # fmt: skip
    instants = [at for _, at in timers(played)]
    assert instants == sorted(instants)
    kinds = [kind for scene in played.scenes for kind, _ in scene.beat.recorded]
    assert kinds.count("promise.broken") == 1


def test_a_wait_in_parts_is_the_wait_in_one(plays: Plays) -> None:
    (whole,) = plays(PROMISED + "  - advance: P10D\n")
    (parts,) = plays(PROMISED + "  - advance: PT240H\n" + "  - advance: P0D\n" * 3)
    (days,) = plays(PROMISED + "  - advance: P1D\n" * 10)
    assert timers(whole) == timers(parts) == timers(days)


def test_the_clocks_change_and_the_instants_do_not(plays: Plays) -> None:
    text = (
        "test_cases:\n- test_case: it\n  metadata: {at: '2026-10-31 10:00'}\n  steps:\n"
        "  - user: '/promise_to_pay{date: P4D}'\n  - advance: P1D\n"
    )
    (played,) = plays(text)
    assert [at.strftime("%d %H:%M %z") for _, at in timers(played)] == ["01 09:00 -0500"]


@pytest.mark.parametrize(
    ("steps", "expected", "came"),
    [
        ("  - user: /greeting\n  - utter: utter_handoff\n",
         "the bot says utter_handoff", "the next response is utter_greeting"),
        ("  - user: /greeting\n  - utter: utter_greeting\n  - utter: utter_greeting\n",
         "the bot says utter_greeting", "nothing more was sent"),
        ("  - user: /greeting\n  - bot: Goodbye\n", "the bot writes\n| Goodbye", "Hello."),
        ("  - user: /greeting\n  - nothing_sent: true\n", "nothing is sent", "utter_greeting"),
        (PROMISE + "  - slot_was_set: [promise_amount: 51]\n",
         "slot promise_amount is 51.00 USD", "it is 50.00 USD"),
        (PROMISE + "  - slot_was_set: [promise_date: P5D]\n",
         "slot promise_date is 2026-11-28", "it is 2026-11-27"),
        (PROMISE + "  - slot_was_set: claim_date\n", "slot claim_date is set", "it is not set"),
        (PROMISE + "  - slot_was_not_set: promise_date\n",
         "slot promise_date is not set", "it is 2026-11-27"),
        (PROMISE + "  - slot_was_not_set: [{name: promise_amount, value: 50}]\n",
         "slot promise_amount is not 50.00 USD", "it is 50.00 USD"),
        ("  - user: /greeting\n  - flow_started: thanks\n",
         "flow thanks started", "greeting started"),
        (PROMISE + "  - flow_completed: promise_to_pay\n",
         "flow promise_to_pay completed", "promise_to_pay started"),
        (PROMISED + "  - flow_completed: {flow_id: promise_to_pay, flow_step_id: refused}\n",
         "flow promise_to_pay completed at refused", "completed at utter_promise_recorded"),
        (PROMISED + "  - flow_cancelled: promise_to_pay\n",
         "flow promise_to_pay cancelled", "completed"),
        (PROMISE + "  - action_executed: record_promise\n",
         "action record_promise is executed", "check_promise"),
        (PROMISE + "  - action_not_executed: check_promise\n",
         "action check_promise is not executed", "check_promise"),
        ("  - user: /greeting\n  - bot_uttered: utter_thanks_no\n", None, ""),
        ("  - user: /greeting\n  - bot_uttered: {text_matches: 'good.?bye'}\n",
         "the bot says a message that matches good.?bye", "Hello."),
        ("  - user: /hardship\n  - bot_uttered: {buttons: [Nobody]}\n",
         "the bot says a message with the buttons Nobody", "Talk to a person"),
        ("  - user: /greeting\n  - bot_did_not_utter: {text_matches: hello}\n",
         "the bot does not say a message that matches hello", "Hello."),
        ("  - user: /greeting\n  - blocked_by: hours\n",
         "a message is blocked by hours", "no message was held back"),
        ("  - user: /dispute\n  - outcome: {type: dispute.raised, payload: {amount: 5}}\n",
         "outcome dispute.raised amount: 5", "dispute.raised"),
        ("  - user: /greeting\n  - outcome: dispute.raised\n",
         "outcome dispute.raised", "conversation.intent_detected"),
        ("  - receipt: delivered\n", "the step can be played", "no message waits for a receipt"),
        ("  - event: {promise_settled: {kept: true}}\n", "the step can be played", "amount"),
    ],
)  # fmt: skip
def test_each_check_tells_what_was_expected_and_what_came(
    plays: Plays, steps: str, expected: str | None, came: str
) -> None:
    if expected is None:
        with pytest.raises(ValueError, match="unknown-response"):
            plays(steps)
        return
    (played,) = plays(steps)
    told, instead = failure(played)
    assert told == expected
    assert came in instead


@pytest.mark.parametrize(
    "steps",
    [
        PROMISED + "  - outcome: {type: promise.created, payload: {amount: 50, due_date: P4D}}\n",
        PROMISED + "  - outcome: {type: promise.created, payload: {amount: '50.00'}}\n",
        "  - user: /complaint\n  - outcome: {type: complaint.raised, payload: {deadline: P30D}}\n",
        "  - user: /hardship\n  - bot_uttered: {buttons: [{title: Talk to a person}]}\n",
        "  - user: /thanks\n    assertions: [utter: utter_welcome, bot_uttered: utter_welcome]\n",
        PROMISE + "  - slot_was_set: [{name: promise_amount}, {name: promise_date, value: P4D}]\n",
        PROMISE + "  - user: /dispute\n  - flow_cancelled: {flow_id: promise_to_pay,"
        " flow_step_id: confirm}\n",
        PROMISE + "  - user: x\n    intent: [promise_to_pay]\n    amount: 60\n"
        "  - slot_was_set: [promise_amount: 60]\n",
        UNSURE + "  - bot_did_not_utter: utter_ask_promise_date\n",
    ],
)  # fmt: skip
def test_what_holds_passes(plays: Plays, steps: str) -> None:
    (played,) = plays(steps)
    assert played.failure is None, report(played)


def test_a_failure_names_the_line_and_shows_the_conversation(plays: Plays) -> None:
    (played,) = plays(PROMISE + "  - utter: utter_greeting\n")
    lines = report(played)
    assert lines[0] == "tests/it.yml:5:5: it"
    whole = "\n".join(lines)
    for part in (
        "utter: utter_greeting",
        "- the bot says utter_greeting",
        "+ the next response is utter_ask_promise_confirmed",
        "customer  | /promise_to_pay{amount: 50, date: P4D}",
        "promise_to_pay 0.95, amount 50.00 USD, date 2026-11-27 (test)",
        "why       flow promise_to_pay starts",
        "we        utter_ask_promise_confirmed (reply, sms)",
    ):
        assert part in whole


def test_nothing_that_is_shown_steers_a_terminal(plays: Plays) -> None:
    (played,) = plays('  - user: "\\e[2J\\u202E\\0\\nnew"\n    intent: greeting\n  - bot: x\n')
    whole = "\n".join(report(played))
    assert all(char.isprintable() or char == "\n" for char in whole)


def test_a_stub_sets_slots_in_place_of_what_the_action_does(plays: Plays) -> None:
    head = (
        "stub_custom_actions: {check_promise: {slots: [promise_verdict: broken]}}\n"
        "test_cases:\n- test_case: it\n  steps:\n"
    )
    checks = "  - action_executed: check_promise\n  - utter: utter_handoff\n"
    (played,) = plays(head + PROMISE + checks)
    assert played.failure is None, report(played)
    (without,) = plays(PROMISE + "  - utter: utter_handoff\n")
    assert without.failure is not None


def gated(answer: Ruling | None, asked: list[Proposal]) -> Outside:
    """Puts every unsolicited message off as `answer` says, once."""

    def gate(proposal: Proposal) -> Ruling:
        asked.append(proposal)
        first = sum(each.category is Category.OUTREACH for each in asked) == 1
        late = answer is not None and proposal.category is Category.OUTREACH and first
        return answer if late and answer is not None else Ruling()

    return Outside(CLOSED.understand, gate, CLOSED.segments)


def test_what_is_put_off_goes_at_its_time(plays: Plays) -> None:
    asked: list[Proposal] = []
    answer = Ruling("hours", START + timedelta(hours=7))  # noon in New York
    steps = (
        "  - campaign: reminder\n  - blocked_by: hours\n  - nothing_sent: true\n"
        "  - advance: PT1H\n  - nothing_sent: true\n  - advance: PT3H\n  - utter: utter_reminder\n"
    )
    (played,) = plays(steps, gated(answer, asked))
    assert played.failure is None, report(played)
    assert [each.at.strftime("%H:%M") for each in asked] == ["10:00", "12:00"]


@pytest.mark.parametrize("words", ["/opt_out", "/dispute", "/promise_to_pay{amount: 50}"])
def test_what_is_put_off_is_cancelled_by_what_the_customer_says(plays: Plays, words: str) -> None:
    asked: list[Proposal] = []
    answer = Ruling("hours", START + timedelta(hours=7))
    steps = f"  - campaign: reminder\n  - user: '{words}'\n  - outcome: message.cancelled\n"
    steps += "  - advance: PT5H\n  - bot_did_not_utter: utter_reminder\n"
    (played,) = plays(steps, gated(answer, asked))
    assert played.failure is None, report(played)


def test_the_gate_is_told_what_was_played(plays: Plays) -> None:
    asked: list[Proposal] = []
    steps = (
        "  - campaign: reminder\n  - user: /greeting\n  - user: /opt_out\n"
        "  - user: /help\n  - user: /opt_in\n  - user: /greeting\n    channel: email\n"
    )
    plays(steps, gated(None, asked))
    first, hello, confirmation, helped, welcome, email = asked
    assert (first.category, first.last_inbound_at, first.outreach) == (Category.OUTREACH, None, ())
    assert "https://pay.example/p/" in first.text
    assert (hello.replies, len(hello.outreach)) == (0, 1)
    assert hello.last_inbound_at == hello.at
    assert confirmation.category is Category.CONFIRMATION
    assert confirmation.opted_out_at == confirmation.at
    assert not confirmation.confirmed
    assert helped.confirmed
    assert welcome.opted_out_at is None
    assert email.opted_out_at is None
    assert email.address == "alex@example.org"


def test_a_provider_that_answered_has_confirmed(plays: Plays) -> None:
    asked: list[Proposal] = []
    plays("  - user: STOP\n    keyword: STOP\n  - user: /help\n", gated(None, asked))
    assert [each.confirmed for each in asked] == [True]


@pytest.mark.parametrize(
    ("steps", "states"),
    [
        ("  - payment: {amount: 50}\n  - advance: P20D\n", ["promise.kept"]),
        ("  - payment: {amount: 20}\n  - payment: {amount: 30}\n",
         ["promise.part_kept", "promise.kept"]),
        ("  - payment: {amount: 49.99}\n  - advance: P20D\n",
         ["promise.part_kept", "promise.broken"]),
        ("  - advance: P7D\n  - payment: {amount: 50}\n", ["promise.kept"]),
        ("  - advance: P20D\n  - payment: {amount: 50}\n", ["promise.broken"]),
        ("  - payment: {amount: 50 EUR}\n  - advance: P20D\n", ["promise.broken"]),
        ("  - payment: {amount: 50, declined: true}\n  - advance: P20D\n", ["promise.broken"]),
    ],
)  # fmt: skip
def test_what_becomes_of_a_promise(plays: Plays, steps: str, states: list[str]) -> None:
    (played,) = plays(PROMISED + steps)
    kinds = [kind for scene in played.scenes for kind, _ in scene.beat.recorded]
    assert [k for k in kinds if k.startswith("promise.") and k != "promise.created"] == states


def test_payments_reduce_what_is_owed(plays: Plays) -> None:
    (played,) = plays("  - payment: {amount: 400}\n  - payment: {amount: 400}\n")
    left = [
        payload["balance_minor"]
        for scene in played.scenes
        for kind, payload in scene.beat.recorded
        if kind == "payment.settled"
    ]
    assert left == [3219, 0]


def shipped_cases(name: str) -> tuple[Pack, tuple[Played, ...]]:
    pack = load_shipped(name)
    files = [(file, file.name) for file in files_of(SHIPPED / name)]
    player = Player(pack, CLOSED)
    return pack, tuple(player.play(case) for case in read_files(files, pack))


@pytest.mark.parametrize("name", ["collections-us", "collections-uk"])
def test_the_same_case_gives_the_same_conversation(name: str) -> None:
    _, first = shipped_cases(name)
    _, second = shipped_cases(name)
    assert [transcript(p.scenes) for p in first] == [transcript(p.scenes) for p in second]
    for played in first:
        for scene in played.scenes:
            for turned in scene.beat.turns:
                state = turned.decision.state
                assert msgspec.json.decode(msgspec.json.encode(state), type=State) == state


@pytest.mark.parametrize("name", sorted(PACKS))
def test_a_rehearsed_pack_decides_as_the_pack_does(name: str) -> None:
    """Whatever happens: noting what is passed changes nothing."""
    pack = load_shipped(name)
    made = rehearse(pack)

    class Both(Walker):
        def decided(self, event: Event) -> Decision:
            plain = decide(pack, self.state, event, self.context)
            noted = decide(made.pack, self.state, event, self.context)
            assert (noted.state, noted.commands) == (plain.state, plain.commands)
            assert set(made.take()) <= set(made.items)
            return plain

    for seed in range(40):
        chance = random.Random(seed)
        walker = Both(pack, start(chance, PACKS[name]))
        for step in steps(chance, tuple(pack.flows), 25):
            walker.step(step)


def test_a_thousand_cases_in_one_file_are_read_and_played(us: Pack) -> None:
    text = "test_cases:\n" + "".join(
        f"- {{test_case: a{n}, steps: [user: /greeting, utter: utter_greeting]}}\n"
        for n in range(1000)
    )
    player = Player(us, CLOSED)
    played = [player.play(case) for case in read_text(text, "tests/it.yml", us)]
    assert all(each.failure is None for each in played)


def test_what_is_put_off_twice_was_first_put_off_for_the_first_reason(plays: Plays) -> None:
    answers = [Ruling("hours", START + timedelta(hours=7)), Ruling("address")]
    outside = Outside(CLOSED.understand, lambda _: answers.pop(0), CLOSED.segments)
    (played,) = plays("  - campaign: reminder\n  - advance: PT4H\n  - advance: P9D\n", outside)
    assert [scene.beat.blocked() for scene in played.scenes] == [["hours"], ["address"], []]


@pytest.mark.parametrize(
    "steps",
    [
        "  - event: {chosen: {payload: /agent_request}}\n  - utter: utter_agent\n",
        UPDATED + "  - bot: Your balance is $10.00.\n",
        TAKEN + "  - user: /thanks\n  - utter: utter_welcome\n",
        "  - event: {payment_made: {amount: 432.19}}\n  - utter: utter_payment_thanks\n",
    ],
)
def test_every_event_may_happen_by_its_name(plays: Plays, steps: str) -> None:
    (played,) = plays(steps)
    assert played.failure is None, report(played)
