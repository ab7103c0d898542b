from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from domain.commands import CancelQueued, IssueLink, RecordPromise, Say
from domain.messages import LINK_MARK, Category
from domain.promise import History
from domain.values import ChannelKind, Money
from tests.dialogs.play import (
    BALANCE,
    FRIDAY,
    TODAY,
    Play,
    handoffs,
    logged,
    of,
    promises,
    responses,
    text,
    timers,
    usd,
)

MONDAY = date(2026, 11, 30)
ASK_DATE, ASK_AMOUNT = "utter_ask_promise_date", "utter_ask_promise_amount"
CONFIRM, RECORDED = "utter_ask_promise_confirmed", "utter_promise_recorded"


def test_both_at_once_are_echoed_and_a_yes_records_them(play: Play) -> None:
    asked = play.says("i can do 50 on friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert "$50.00" in text(asked)
    assert "Friday, November 27" in text(asked)
    assert promises(asked) == []
    done = play.says("yes", "affirm")
    (promise,) = promises(done)
    assert (promise.amount, promise.due_date, promise.supersedes) == (usd(50), FRIDAY, None)
    assert responses(done) == [RECORDED]
    assert "conversation.affirmed" in logged(done)
    assert "promise.created" not in logged(done)  # the gateway logs that with the row
    (say,) = of(done, Say)
    (link,) = of(done, IssueLink)
    assert (LINK_MARK in say.content.text, say.link_id, link.purpose) == (True, link.id, "pay")
    assert (say.category, say.address) == (Category.REPLY, "+14155550123")
    assert play.state is not None
    assert (play.state.stack, play.state.question, play.state.slots) == ((), None, {})


def test_timers_follow_the_promise(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    done = play.says("yes", "affirm")
    (promise,) = promises(done)
    due = {(t.kind, (play.at + t.after).date()) for t in timers(done)}
    assert due == {
        ("promise_due", date(2026, 12, 1)),  # the day after three days of grace
        ("promise_reminder", date(2026, 11, 24)),
        ("promise_reminder", date(2026, 11, 26)),
    }
    assert {t.subject for t in timers(done)} == {promise.id}
    assert len({t.id for t in timers(done)}) == 3


@pytest.mark.parametrize(
    ("first", "then", "asked"),
    [
        ({"on": FRIDAY}, {"amount": usd(60)}, ASK_AMOUNT),
        ({"amount": usd(60)}, {"on": FRIDAY}, ASK_DATE),
    ],
)
def test_either_may_come_alone(play: Play, first: dict, then: dict, asked: str) -> None:
    one = play.says("...", "promise_to_pay", **first)
    assert responses(one) == [asked]
    two = play.says("...", "promise_to_pay", **then)
    assert responses(two) == [CONFIRM]
    assert promises(play.says("Yes!", "affirm"))[0].amount == usd(60)


def test_a_bare_figure_counts_even_where_no_intent_was_found(play: Play) -> None:
    assert responses(play.says("friday", "out_of_scope", on=FRIDAY)) == [ASK_AMOUNT]
    assert responses(play.says("60", "out_of_scope", amount=usd(60))) == [CONFIRM]


@pytest.mark.parametrize(
    ("words", "intents", "change", "amount", "day"),
    [
        ("no make it monday", ("deny", "promise_to_pay"), {"on": MONDAY}, usd(50), MONDAY),
        ("no monday", ("deny",), {"on": MONDAY}, usd(50), MONDAY),
        ("actually 60", ("out_of_scope",), {"amount": usd(60)}, usd(60), FRIDAY),
        ("yes but 60", ("affirm", "promise_to_pay"), {"amount": usd(60)}, usd(60), FRIDAY),
        ("60 monday", ("promise_to_pay",), {"amount": usd(60), "on": MONDAY}, usd(60), MONDAY),
    ],
)
def test_a_correction_asks_again_and_records_the_new_one(
    play: Play, words: str, intents: tuple, change: dict, amount: Money, day: date
) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    again = play.says(words, *intents, **change)
    assert responses(again) == ["utter_corrected", CONFIRM]
    assert promises(again) == []
    (promise,) = promises(play.says("yes", "affirm"))
    assert (promise.amount, promise.due_date) == (amount, day)


def test_a_correction_of_the_day_while_the_amount_is_asked(play: Play) -> None:
    play.says("friday", "promise_to_pay", on=FRIDAY)
    again = play.says("no, monday", "deny", on=MONDAY)
    assert responses(again) == ["utter_corrected", ASK_AMOUNT]
    assert "November 30" in text(again)


def test_a_yes_that_says_the_same_again_is_a_yes(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    done = play.says("yes 50 on friday", "affirm", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert responses(done) == [RECORDED]


def test_a_change_after_the_record_replaces_the_promise(play: Play) -> None:
    play.context = structs.replace(play.context, history=History("p-old", usd(50), FRIDAY))
    asked = play.says("make it monday", "promise_to_pay", on=MONDAY)
    assert "$50.00" in text(asked)
    assert "November 30" in text(asked)
    (promise,) = promises(play.says("yes", "affirm"))
    assert (promise.supersedes, promise.due_date) == ("p-old", MONDAY)


def test_the_same_promise_again_makes_no_second_one(play: Play) -> None:
    play.context = structs.replace(play.context, history=History("p-old", usd(50), FRIDAY))
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    done = play.says("yes", "affirm")
    assert (promises(done), responses(done)) == ([], [RECORDED])


def test_a_no_asks_anew_and_three_get_a_person(play: Play) -> None:
    for _ in range(2):
        play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
        again = play.says("no", "deny")
        assert responses(again) == ["utter_promise_changed", ASK_DATE]
        assert "conversation.denied" in logged(again)
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    play.says("no", "deny")
    last = play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert responses(last) == ["utter_handoff"]
    assert handoffs(last) == ["not_understood"]


def test_words_that_answer_nothing_are_asked_once_more_then_a_person_comes(play: Play) -> None:
    play.says("friday", "promise_to_pay", on=FRIDAY)
    once = play.says("blue", "out_of_scope")
    assert responses(once) == ["utter_not_understood", ASK_AMOUNT]
    assert "conversation.not_understood" in logged(once)
    twice = play.says("green", "out_of_scope")
    assert handoffs(twice) == ["not_understood"]
    assert play.state is not None
    assert play.state.stack == ()


def test_a_yes_to_the_question_for_a_day_is_no_answer(play: Play) -> None:
    play.says("i'll pay", "promise_to_pay")
    assert responses(play.says("yes", "affirm")) == ["utter_not_understood", ASK_DATE]


def test_too_late_names_the_latest_day_and_asks_again(play: Play) -> None:
    late = play.says("50 at xmas", "promise_to_pay", amount=usd(50), on=date(2026, 12, 25))
    assert responses(late) == ["utter_promise_too_late", ASK_DATE]
    assert "Monday, December 7" in text(late)
    assert responses(play.says("friday", "promise_to_pay", on=FRIDAY)) == [CONFIRM]


def test_a_day_in_the_past_is_asked_again(play: Play) -> None:
    past = play.says("x", "promise_to_pay", amount=usd(50), on=TODAY - timedelta(days=1))
    assert responses(past) == ["utter_promise_past", ASK_DATE]


def test_days_that_are_refused_again_and_again_end_with_a_person(play: Play) -> None:
    last = None
    for _ in range(3):
        last = play.says("xmas", "promise_to_pay", on=date(2026, 12, 25))
    assert last is not None
    assert "utter_handoff" in responses(last)


@pytest.mark.parametrize("minor", [4_321, 1, 43_220, 10**9])
def test_an_amount_outside_the_rules_says_nothing_of_the_debt(play: Play, minor: int) -> None:
    refused = play.says("...", "promise_to_pay", amount=Money(minor, "USD"), on=FRIDAY)
    assert responses(refused) == ["utter_promise_link", ASK_AMOUNT]
    assert LINK_MARK in text(refused)
    for figure in ("432", "43.22"):
        assert figure not in text(refused)


def test_another_amount_may_follow(play: Play) -> None:
    play.says("10 friday", "promise_to_pay", amount=usd(10), on=FRIDAY)
    assert responses(play.says("ok 50 then", "affirm", amount=usd(50))) == [CONFIRM]


def test_nobody_can_feel_for_the_figures_by_trying(play: Play) -> None:
    play.says("friday", "promise_to_pay", on=FRIDAY)
    for amount in (10, 20):
        play.says("...", "promise_to_pay", amount=usd(amount))
    last = play.says("...", "promise_to_pay", amount=usd(30))
    assert handoffs(last) == ["not_understood"]
    assert CONFIRM not in responses(last)


def test_a_verified_customer_hears_the_smallest_amount_and_may_try_again(verified: Play) -> None:
    small = verified.says("10 friday", "promise_to_pay", amount=usd(10), on=FRIDAY)
    assert responses(small) == ["utter_promise_too_small", ASK_AMOUNT]
    assert "$43.22" in text(small)
    assert responses(verified.says("45", "promise_to_pay", amount=usd(45))) == [CONFIRM]


@pytest.mark.parametrize(
    "history",
    [History(broken_in_a_row=2), History("p", usd(60), FRIDAY, reschedules=2)],
)
def test_what_the_rules_refuse_goes_to_a_person(play: Play, history: History) -> None:
    play.context = structs.replace(play.context, history=history)
    refused = play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert handoffs(refused) == ["promise_refused"]
    assert responses(refused) == ["utter_handoff"]


def test_a_promise_without_an_account_goes_to_a_person(play: Play) -> None:
    play.context = structs.replace(play.context, account=None)
    nobody = play.says("x", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert handoffs(nobody) == ["promise_refused"]


def test_rules_that_change_before_the_yes_are_asked_again(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    play.context = structs.replace(play.context, today=FRIDAY + timedelta(days=1))
    late = play.says("yes", "affirm")
    assert promises(late) == []
    assert handoffs(late) == ["promise_refused"]


@pytest.mark.parametrize("words", ["i'll pay it all friday", "half on friday", "in full friday"])
def test_a_share_is_worked_out_behind_the_link(play: Play, words: str) -> None:
    share = play.says(words, "promise_to_pay", on=FRIDAY)
    assert responses(share) == ["utter_ask_promise_share"]
    assert "Friday, November 27" in text(share)
    assert promises(share) == []


@pytest.mark.parametrize(
    ("words", "amount"),
    [("all of it", BALANCE), ("half", Money(21_610, "USD")), ("half, 50", usd(50))],
)
def test_a_verified_customer_may_say_a_share(verified: Play, words: str, amount: Money) -> None:
    given = usd(50) if "50" in words else None
    verified.says("friday", "promise_to_pay", on=FRIDAY)
    asked = verified.says(words, "promise_to_pay", amount=given)
    assert responses(asked) == [CONFIRM]
    (promise,) = promises(verified.says("yes", "affirm"))
    assert promise.amount == amount


def test_a_share_is_forgotten_when_the_customer_is_unknown_again(verified: Play) -> None:
    verified.says("all of it friday", "promise_to_pay", on=FRIDAY)
    customer = structs.replace(verified.context.customer, verified=False)
    verified.context = structs.replace(verified.context, customer=customer)
    later = verified.says("hm", "out_of_scope")
    assert "432" not in text(later)


def test_a_question_in_between_is_answered_and_the_flow_goes_on(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    between = play.says("what do i owe", "balance_query")
    assert responses(between) == ["utter_balance", ASK_DATE]
    assert len(of(between, Say)) == 1
    assert responses(play.says("friday", "promise_to_pay", on=FRIDAY)) == [CONFIRM]


@pytest.mark.parametrize("intent", ["hardship", "complaint", "scam_suspicion", "abusive"])
def test_care_never_leads_back_to_a_question_about_money(play: Play, intent: str) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    (response,) = responses(play.says("...", intent))
    assert "promise" not in response
    assert play.state is not None
    assert play.state.stack == ()


def test_whoever_asks_for_a_person_is_asked_for_a_time_alone(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    assert responses(play.says("...", "agent_request")) == ["utter_agent", "utter_ask_agent_time"]
    assert play.state is not None
    assert [frame.flow for frame in play.state.stack] == ["agent_request"]


def test_what_was_said_beside_a_question_is_kept(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    between = play.says("friday. what do i owe", "promise_to_pay", "balance_query", on=FRIDAY)
    assert responses(between) == [CONFIRM]


def test_paying_now_drops_the_promise(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    assert responses(play.says("send me the link", "pay_now")) == ["utter_pay_link"]
    assert responses(play.says("friday", "thanks", on=FRIDAY)) == [ASK_AMOUNT]


def test_more_time_names_the_latest_day_and_leads_to_a_promise(play: Play) -> None:
    more = play.says("need more time", "request_extension")
    assert responses(more) == ["utter_extension", ASK_DATE]
    assert "extension.requested" in logged(more)
    dated = play.says("can i have till friday", "request_extension", on=FRIDAY)
    assert responses(dated)[-1] == ASK_AMOUNT


def test_recording_rests_the_chasers(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    done = play.says("yes", "affirm")
    assert CancelQueued("promise") in done.commands
    kinds = [type(command) for command in done.commands]
    assert kinds.index(CancelQueued) < kinds.index(Say)
    assert kinds.index(RecordPromise) < kinds.index(Say)


def test_the_same_event_decides_the_same(play: Play) -> None:
    other = Play(play.pack, play.context)
    for one in (play, other):
        one.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
        one.says("yes", "affirm")
    assert play.decision == other.decision


def test_in_britain_and_by_email(play_uk: Play) -> None:
    asked = play_uk.says(
        "50 friday", "promise_to_pay", amount=Money(5000, "GBP"), on=FRIDAY,
        channel=ChannelKind.EMAIL,
    )  # fmt: skip
    (say,) = of(asked, Say)
    assert say.channel is ChannelKind.EMAIL
    assert say.content.subject == "A message from Harbor Recovery"
    assert "£50.00 on Friday 27 November" in say.content.text
    done = play_uk.says("yes", "affirm", channel=ChannelKind.EMAIL)
    (say,) = of(done, Say)
    assert f'<a href="{LINK_MARK}">' in (say.content.html or "")


def test_timers_of_a_promise_keep_local_time_when_the_clocks_change(play: Play) -> None:
    home = ZoneInfo("America/New_York")
    play.at = datetime(2026, 10, 30, 10, tzinfo=home)  # the clocks go back on November 1
    play.context = structs.replace(play.context, today=play.at.date())
    play.says("50 on the 6th", "promise_to_pay", amount=usd(50), on=date(2026, 11, 6))
    made = play.says("yes", "affirm")
    due = [play.at.astimezone(UTC) + timer.after for timer in timers(made)]
    assert due
    assert {moment.astimezone(home).time() for moment in due} == {time(9)}


@pytest.mark.parametrize("asked", ["nothing", "day", "amount", "yes or no"])
def test_another_currency_is_refused_kindly_wherever_it_is_named(play: Play, asked: str) -> None:
    before = {
        "nothing": [],
        "day": [{"amount": usd(50)}],
        "amount": [{"on": FRIDAY}],
        "yes or no": [{"amount": usd(50)}, {"on": FRIDAY}],
    }
    for said in before[asked]:
        play.says("i can", "promise_to_pay", **said)
    told = play.says("£75", "promise_to_pay", amount=Money.of("75", "GBP"))
    assert text(told).startswith("Sorry, we can only take amounts in USD. ")
    assert len(responses(told)) == 2
    assert (handoffs(told), promises(told)) == ([], [])
    play.says("75 friday", "promise_to_pay", amount=usd(75), on=FRIDAY)
    (promise,) = promises(play.says("yes", "affirm"))
    assert promise.amount == usd(75)


def test_another_currency_again_and_again_reaches_a_person(play: Play) -> None:
    play.says("friday", "promise_to_pay", on=FRIDAY)
    for _ in range(3):
        told = play.says("£75", "promise_to_pay", amount=Money.of("75", "GBP"))
    assert handoffs(told) == ["not_understood"]


def test_the_day_is_kept_for_whoever_looks_at_the_full_amount_first(play: Play) -> None:
    play.says("all of it on friday", "promise_to_pay", on=FRIDAY)
    known = structs.replace(play.context.customer, verified=True)
    play.context = structs.replace(play.context, customer=known)
    assert responses(play.says("all of it", "promise_to_pay")) == [CONFIRM]
    (promise,) = promises(play.says("yes", "affirm"))
    assert (promise.amount, promise.due_date) == (BALANCE, FRIDAY)


def test_a_no_to_the_echo_is_taken_kindly(play: Play) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    no = play.says("no wait", "deny")
    assert text(no).startswith("No problem. What day can you pay?")


def test_a_share_without_a_day_is_told_and_the_day_asked(play: Play) -> None:
    share = play.says("all of it", "promise_to_pay")
    assert responses(share) == ["utter_promise_share", ASK_DATE]


def test_the_amount_that_was_seen_is_set_up_for_the_day_that_was_named(play: Play) -> None:
    play.says("all of it on friday", "promise_to_pay", on=FRIDAY)
    again = play.says("all of it", "promise_to_pay")
    assert responses(again) == ["utter_ask_promise_share"]
    assert responses(play.says("432.19", "promise_to_pay", amount=BALANCE)) == [CONFIRM]
    (promise,) = promises(play.says("yes", "affirm"))
    assert (promise.amount, promise.due_date) == (BALANCE, FRIDAY)
