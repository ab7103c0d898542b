"""What runs before any flow, and what every other intent sets off."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from domain.commands import (
    CancelQueued,
    Handoff,
    Hold,
    HoldScope,
    IssueLink,
    OptIn,
    OptOut,
    Say,
)
from domain.context import Brand
from domain.events import Campaign, TimerDue
from domain.intents import INTENTS
from domain.messages import LINK_MARK, Category
from domain.understanding import Instalment
from domain.values import ChannelKind
from tests.dialogs.play import (
    FRIDAY,
    TODAY,
    Play,
    handoffs,
    logged,
    of,
    promises,
    responses,
    stops,
    text,
    timers,
    usd,
)


def category(decision: Any) -> Category | None:
    says = of(decision, Say)
    return says[0].category if says else None


class TestOptOut:
    def test_one_confirmation_and_nothing_else_in_it(self, play: Play) -> None:
        out = play.says("pls dont text me anymore", "opt_out")
        assert stops(out) == [OptOut(channels=(ChannelKind.SMS,))]
        assert CancelQueued("opt_out", all=True) in out.commands
        assert (category(out), responses(out)) == (Category.CONFIRMATION, ["utter_opted_out"])
        assert text(out) == "Harbor Recovery: you are opted out and will get no more texts from us."
        assert not any(isinstance(command, IssueLink) for command in out.commands)

    def test_a_second_stop_is_not_confirmed_again(self, play: Play) -> None:
        play.says("stop", "opt_out")
        assert text(play.says("STOP", "opt_out")) == ""

    @pytest.mark.parametrize(
        "intent", sorted(set(INTENTS) - {"opt_in", "help", "self_harm_risk", "cease_contact"})
    )
    def test_no_further_word_gets_a_reply(self, play: Play, intent: str) -> None:
        play.says("stop", "opt_out")
        assert text(play.says("...", intent, amount=usd(50), on=FRIDAY)) == ""

    def test_a_dispute_after_it_still_takes_effect(self, play: Play) -> None:
        play.says("stop", "opt_out")
        later = play.says("not mine", "dispute")
        assert "dispute.raised" in logged(later)
        assert handoffs(later) == ["dispute"]

    def test_help_is_answered_and_start_opens_again(self, play: Play) -> None:
        play.says("stop", "opt_out")
        helped = play.says("HELP", "help")
        assert (category(helped), "message.help_sent" in logged(helped)) == (Category.HELP, True)
        again = play.says("START", "opt_in")
        assert stops(again) == [OptIn()]
        assert "STOP" in text(again)
        assert text(play.says("hi", "greeting")) != ""
        assert category(play.says("stop", "opt_out")) is Category.CONFIRMATION

    def test_a_yes_after_it_is_not_a_start(self, play: Play) -> None:
        play.says("stop", "opt_out")
        assert stops(play.says("yes", "affirm")) == []

    def test_where_the_provider_has_answered_we_stay_silent(self, play: Play) -> None:
        out = play.says("STOP", "opt_out", keyword="STOP")
        assert (text(out), stops(out)) == ("", [OptOut(method="provider")])
        assert CancelQueued("opt_out", all=True) in out.commands
        assert text(play.says("hello", "greeting")) == ""
        assert text(play.says("HELP", "help", keyword="HELP")) == ""
        assert stops(play.says("START", "opt_in", keyword="START")) == [OptIn(method="provider")]
        assert text(play.says("hello", "greeting")) != ""

    def test_yes_that_a_carrier_reads_as_start_answers_the_question(self, play: Play) -> None:
        play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
        done = play.says("YES", "opt_in", keyword="START")
        assert stops(done) == []
        assert len(promises(done)) == 1

    def test_a_promise_in_parting_is_kept_without_a_text(self, play: Play) -> None:
        out = play.says(
            "Stop texting, I'll pay 50 Friday", "opt_out", "promise_to_pay",
            amount=usd(50), on=FRIDAY,
        )  # fmt: skip
        (promise,) = promises(out)
        assert (promise.amount, promise.due_date) == (usd(50), FRIDAY)
        assert responses(out) == ["utter_opted_out"]
        assert {timer.kind for timer in timers(out)} <= {"promise_due", "promise_reminder"}

    def test_a_day_alone_is_kept_on_record(self, play: Play) -> None:
        out = play.says("Stop texting, I'll pay Friday", "opt_out", "promise_to_pay", on=FRIDAY)
        assert promises(out) == []
        (meaning,) = [c for c in out.commands if getattr(c, "type", "").endswith("detected")]
        assert meaning.payload["date"] == "2026-11-27"
        assert "promise_to_pay" in meaning.payload["intents"]

    def test_the_amount_named_before_is_not_lost(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        out = play.says("friday. stop texting", "opt_out", "promise_to_pay", on=FRIDAY)
        assert [promise.amount for promise in promises(out)] == [usd(50)]

    def test_it_stops_its_own_channel_only(self, play: Play) -> None:
        play.says("stop", "opt_out")
        assert text(play.says("hello", "greeting", channel=ChannelKind.EMAIL)) != ""

    def test_no_contact_at_all_stops_both(self, play: Play) -> None:
        out = play.says("never contact me again", "cease_contact")
        assert stops(out) == [OptOut(everything=True)]
        assert category(out) is Category.CONFIRMATION
        assert handoffs(out) == ["cease_contact"]
        assert text(play.says("hello", "greeting", channel=ChannelKind.EMAIL)) == ""

    def test_the_email_says_emails(self, play: Play) -> None:
        out = play.says("stop", "opt_out", channel=ChannelKind.EMAIL)
        assert "no more emails" in text(out)

    def test_it_ends_what_was_being_asked(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        play.says("yes stop", "affirm", "opt_out")
        assert play.state is not None
        assert (play.state.stack, play.state.question) == ((), None)

    def test_unsure_is_enough_to_stop(self, play: Play) -> None:
        assert stops(play.says("enuf texts", ("opt_out", 0.2))) == [OptOut()]

    def test_outreach_after_it_is_suppressed(self, play: Play) -> None:
        play.says("stop", "opt_out")
        out = play.event(Campaign, channel=ChannelKind.SMS, flow="reminder")
        assert (text(out), logged(out)) == ("", ["message.suppressed"])


class TestSafety:
    @pytest.mark.parametrize(
        ("jurisdiction", "numbers"),
        [("US", ["988", "911"]), ("GB", ["999", "116 123"]), ("IE", ["emergency number"])],
    )
    def test_the_fixed_text_of_the_country(
        self, play: Play, play_uk: Play, jurisdiction: str, numbers: list[str]
    ) -> None:
        for one in (play, play_uk):
            one.context = structs.replace(one.context, jurisdiction=jurisdiction)
            out = one.says("i cant go on", "self_harm_risk", "promise_to_pay", amount=usd(50))
            assert all(number in text(out) for number in numbers)
            assert category(out) is Category.CRISIS
            assert Handoff("self_harm_risk", urgent=True) in out.commands
            assert Hold("safety", HoldScope.CUSTOMER) in out.commands
            assert "safety.risk_flagged" in logged(out)
            for wrong in ("STOP", "debt", "pay", LINK_MARK):
                assert wrong not in text(out)

    def test_it_comes_before_an_opt_out_which_takes_effect_too(self, play: Play) -> None:
        out = play.says("stop texting or i end it", "opt_out", "self_harm_risk")
        assert (category(out), stops(out)) == (
            Category.CRISIS,
            [OptOut(channels=(ChannelKind.SMS,))],
        )
        assert text(play.says("hello", "greeting")) == ""

    def test_it_is_answered_even_after_an_opt_out(self, play: Play) -> None:
        play.says("stop", "opt_out")
        assert category(play.says("i want to die", "self_harm_risk")) is Category.CRISIS

    def test_nothing_asks_for_money_after_it(self, play: Play) -> None:
        play.says("i want to die", "self_harm_risk")
        for intent in ("promise_to_pay", "pay_now", "balance_query", "request_extension"):
            out = play.says("...", intent, amount=usd(50), on=FRIDAY)
            assert responses(out) == ["utter_handoff"]
            assert LINK_MARK not in text(out)
        assert text(play.event(Campaign, channel=ChannelKind.SMS, flow="reminder")) == ""


class TestWrongPerson:
    def test_an_apology_that_names_neither_debt_nor_customer(self, verified: Play) -> None:
        out = verified.says("who is this? wrong number", "wrong_person")
        assert Hold("wrong_party", HoldScope.ADDRESS) in out.commands
        assert "contact.wrong_party" in logged(out)
        assert category(out) is Category.REPLY
        for word in ("debt", "Wilhelmina", "Quizzenbury", "account", "432", LINK_MARK):
            assert word not in text(out)

    def test_then_silence_but_for_an_opt_out(self, play: Play) -> None:
        play.says("wrong number", "wrong_person")
        assert text(play.says("hello?", "greeting")) == ""
        assert text(play.says("wrong number!", "wrong_person")) == ""
        assert category(play.says("stop", "opt_out")) is Category.CONFIRMATION

    @pytest.mark.parametrize("intent", sorted(set(INTENTS) - {"self_harm_risk", "help"}))
    def test_no_later_word_from_there_is_the_customers(self, play: Play, intent: str) -> None:
        play.says("wrong number", "wrong_person")
        out = play.says("...", intent, amount=usd(50), on=FRIDAY)
        assert promises(out) == of(out, IssueLink) == []
        assert OptOut(everything=True) not in out.commands
        assert {hold.scope for hold in of(out, Hold)} <= {HoldScope.ADDRESS}
        assert responses(out) in ([], ["utter_opted_out"])
        assert out.state.suspended is None

    def test_start_does_not_make_them_the_customer(self, play: Play) -> None:
        play.says("wrong number", "wrong_person")
        play.says("START", "opt_in")
        assert text(play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)) == ""

    def test_the_customer_goes_on_elsewhere(self, play: Play) -> None:
        play.says("wrong number", "wrong_person")
        play.says("50", "promise_to_pay", amount=usd(50), channel=ChannelKind.EMAIL)
        play.says("not mine", "dispute")
        out = play.says("friday", "promise_to_pay", on=FRIDAY, channel=ChannelKind.EMAIL)
        assert responses(out) == ["utter_ask_promise_confirmed"]

    def test_what_was_proven_before_counts_no_more(self, verified: Play) -> None:
        verified.says("wrong number", "wrong_person")
        assert verified.state is not None
        assert not verified.context.customer.verified


ACCOUNT, CUSTOMER = HoldScope.ACCOUNT, HoldScope.CUSTOMER

TABLE = [
    # intent, response, outcome, hold, person
    ("dispute", "utter_dispute", "dispute.raised", Hold("dispute", ACCOUNT), "dispute"),
    ("debt_validation", "utter_debt_validation", "validation.requested",
     Hold("validation", ACCOUNT), "debt_validation"),
    ("deceased", "utter_deceased", "customer.deceased_reported",
     Hold("deceased", CUSTOMER), "deceased"),
    ("bankruptcy", "utter_bankruptcy", "legal.insolvency_reported",
     Hold("bankruptcy", CUSTOMER), "bankruptcy"),
    ("attorney_represented", "utter_ask_representative", "legal.representation_reported",
     Hold("attorney", CUSTOMER), "attorney_represented"),
    ("identity_theft", "utter_identity_theft", "fraud.identity_theft_reported",
     Hold("fraud", ACCOUNT), "identity_theft"),
    ("vulnerability", "utter_vulnerability", "vulnerability.disclosed",
     Hold("vulnerability", ACCOUNT), "vulnerability"),
    ("hardship", "utter_hardship", "hardship.disclosed", None, None),
    ("complaint", "utter_complaint", "complaint.raised", None, "complaint"),
    ("settlement_offer", "utter_settlement", "settlement.offer_received", None,
     "settlement_offer"),
    ("request_plan", "utter_plan", "plan.requested", None, "request_plan"),
    ("request_extension", "utter_extension", "extension.requested", None, None),
    ("already_paid", "utter_ask_claim_details", "payment.claimed",
     Hold("payment_claimed", ACCOUNT, 7), None),
    ("balance_query", "utter_balance", "conversation.balance_requested", None, None),
    ("scam_suspicion", "utter_authenticity", "conversation.authenticity_queried", None, None),
    ("channel_preference", "utter_preference", "preference.updated", None,
     "channel_preference"),
    ("agent_request", "utter_agent", None, None, "agent_request"),
    ("abusive", "utter_calm", "conversation.abuse_flagged", None, None),
    ("pay_now", "utter_pay_link", None, None, None),
    ("greeting", "utter_greeting", None, None, None),
    ("thanks", "utter_welcome", None, None, None),
    ("help", "utter_help", "message.help_sent", None, None),
    ("opt_in", "utter_opted_in", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
@pytest.mark.parametrize("which", ["play", "play_uk"])
def test_every_intent_has_its_reply_stop_outcome_and_person(
    row: tuple, which: str, request: pytest.FixtureRequest
) -> None:
    intent, response, outcome, hold, person = row
    out = request.getfixturevalue(which).says("...", intent)
    assert responses(out)[0] == response
    assert outcome is None or outcome in logged(out)
    assert of(out, Hold) == ([hold] if hold else [])
    assert handoffs(out) == ([person] if person else [])
    for secret in ("432", "77.00", "Zebra", "Wilhelmina", "Philippa", "Quizzenbury"):
        assert secret not in text(out)


def test_the_tables_name_every_intent() -> None:
    elsewhere = {
        "promise_to_pay", "self_harm_risk", "wrong_person", "opt_out", "cease_contact",
        "affirm", "deny", "auto_reply", "out_of_scope",
    }  # fmt: skip
    assert {row[0] for row in TABLE} | elsewhere == set(INTENTS)


SUSPENDING = [row[0] for row in TABLE if row[3] and row[3].days is None]


@pytest.mark.parametrize("intent", SUSPENDING)
def test_no_ask_for_money_after_it(play: Play, intent: str) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    first = play.says("...", intent, "promise_to_pay", "pay_now", on=FRIDAY)
    for later in (
        first,
        play.says("ok", "affirm"),
        play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY),
        play.says("pay", "pay_now"),
        play.says("hi", "greeting"),
        play.says("what", "out_of_scope"),
    ):
        assert LINK_MARK not in text(later)
        assert promises(later) == []
        assert not {name for name in responses(later) if "promise" in name or "pay" in name}


def test_every_intent_takes_effect_and_the_highest_replies(play: Play) -> None:
    out = play.says(
        "i lost my job, this is not mine, i complain", "hardship", "dispute", "complaint"
    )
    assert responses(out) == ["utter_dispute"]
    assert {"hardship.disclosed", "dispute.raised", "complaint.raised"} <= set(logged(out))
    assert set(handoffs(out)) == {"dispute", "complaint"}


def test_an_unsure_payment_intent_has_no_effect_and_is_asked_again(play: Play) -> None:
    out = play.says("hm", ("already_paid", 0.2))
    assert of(out, Hold) == []
    assert responses(out) == ["utter_options"]


def payload(decision: Any, kind: str) -> dict:
    (log,) = [c for c in decision.commands if getattr(c, "type", "") == kind]
    return dict(log.payload)


def test_outcomes_carry_figures(play: Play) -> None:
    plan = play.says("20 a week", "request_plan", instalment=Instalment(usd(20), "weekly", 10))
    assert payload(plan, "plan.requested") == {
        "instalment": {"amount": "20.00", "currency": "USD"}, "frequency": "weekly", "count": 10,
    }  # fmt: skip
    offer = play.says("200 today and done", "settlement_offer", amount=usd(200), on=TODAY)
    assert payload(offer, "settlement.offer_received") == {
        "amount": "200.00", "currency": "USD", "date": "2026-11-23",
    }  # fmt: skip
    complaint = play.says("i complain", "complaint")
    assert payload(complaint, "complaint.raised") == {"deadline": "2026-12-23"}
    link = play.says("link please", "pay_now")
    (say,) = of(link, Say)
    assert payload(link, "conversation.intent_detected")["link_id"] == say.link_id


def test_a_claimed_payment_is_asked_about_once(play: Play) -> None:
    assert handoffs(play.says("i paid already", "already_paid")) == []
    told = play.says("by card at the shop", "out_of_scope")
    assert (responses(told), handoffs(told)) == (["utter_claim_noted"], ["already_paid"])
    dated = play.says("paid on friday", "already_paid", on=FRIDAY)
    assert responses(dated) == ["utter_claim_noted"]


def test_the_representative_is_asked_for_once_and_never_chased(play: Play) -> None:
    play.says("talk to my lawyer", "attorney_represented")
    quiet = play.waits()
    assert (text(quiet), logged(quiet)) == ("", ["conversation.expired"])
    play.says("talk to my lawyer", "attorney_represented")
    told = play.says("Jo Doe 555 0101", "out_of_scope")
    assert responses(told) == ["utter_representative_noted"]


def test_harsh_words_meet_calm_then_a_person(play: Play) -> None:
    assert responses(play.says("!!!", "abusive")) == ["utter_calm"]
    second = play.says("!!!", "abusive")
    assert (responses(second), handoffs(second)) == (["utter_handoff"], ["abusive"])


def test_a_doubter_gets_another_way_to_check_and_no_link(play: Play) -> None:
    out = text(play.says("is this real", "scam_suspicion"))
    assert "800-555-0100" in out or "harbor.example" in out
    play.at += timedelta(hours=25)
    play.context = structs.replace(play.context, brand=Brand("Harbor", None, "harbor.example"))
    assert "harbor.example" in text(play.says("is this real", "scam_suspicion"))
    play.at += timedelta(hours=25)
    play.context = structs.replace(play.context, brand=Brand("Harbor"))
    out = play.says("is this real", "scam_suspicion")
    assert "look us up" in text(out)
    assert LINK_MARK not in text(out)


def test_a_machine_is_never_answered_and_changes_nothing(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    before = play.state
    out = play.says("I am driving", "auto_reply")
    assert (text(out), logged(out)) == ("", ["message.auto_reply_detected"])
    assert play.state == before


def test_one_reprompt_then_a_person(play: Play) -> None:
    once = play.says("purple", "out_of_scope")
    assert (responses(once), handoffs(once)) == (["utter_options"], [])
    twice = play.says("green", "out_of_scope")
    assert (responses(twice), handoffs(twice)) == (["utter_handoff"], ["not_understood"])


def test_a_numbered_choice_is_understood(play: Play) -> None:
    out = play.says("purple", "out_of_scope")
    assert "1 Pay now\n2 Choose a day" in text(out)
    assert responses(play.says("1", "out_of_scope")) == ["utter_pay_link"]
    play.says("purple", "out_of_scope")
    assert responses(play.says("2.", "out_of_scope", amount=usd(2))) == ["utter_ask_promise_date"]


def test_a_choice_may_be_named_by_its_place(play: Play) -> None:
    play.says("purple", "out_of_scope")
    assert responses(play.says("the first one", "out_of_scope", choice=1)) == ["utter_pay_link"]
    play.says("purple", "out_of_scope")
    out = play.says("the ninth one", "out_of_scope", choice=9)
    assert responses(out) == ["utter_handoff"]


def test_choices_stay_open_while_we_say_nothing(play: Play) -> None:
    play.says("purple", "out_of_scope")
    play.event(TimerDue, kind="promise_due", version=1)
    play.says("I am driving", "auto_reply")
    assert responses(play.says("1", "out_of_scope")) == ["utter_pay_link"]


def test_a_number_means_nothing_where_nothing_was_offered(play: Play) -> None:
    play.says("friday", "promise_to_pay", on=FRIDAY)
    assert responses(play.says("50", "out_of_scope", amount=usd(50))) == [
        "utter_ask_promise_confirmed"
    ]
    for text_ in ("0", "9", "99999999999999999999", "²", "-1"):
        play.says("purple", "out_of_scope")
        play.says(text_, "out_of_scope")


def test_an_ok_to_nothing_gets_no_reply_and_a_no_a_kind_word_once(play: Play) -> None:
    assert responses(play.says("ok", "affirm")) == []
    assert responses(play.says("no", "deny")) == ["utter_no_need"]
    again = play.says("no", "deny")
    assert (responses(again), handoffs(again)) == ([], [])


@pytest.mark.parametrize("words", ["is that ok", "ok?", "So can I do that", "what now", "¿sí"])
@pytest.mark.parametrize("name", ["play", "play_uk"])
def test_what_reads_like_a_question_is_never_met_with_silence(
    words: str, name: str, request: pytest.FixtureRequest
) -> None:
    play: Play = request.getfixturevalue(name)
    told = [responses(play.says(words, "affirm")) for _ in range(4)]
    assert told[0] == ["utter_noted"]
    assert all(told)
    assert handoffs(play.says("x", "request_plan")) == ["request_plan"]
    assert responses(play.says("well?", "out_of_scope", "affirm")) == ["utter_person_soon"]


def test_whoever_waits_for_a_person_is_greeted_with_that(play: Play) -> None:
    assert "How can we help" in text(play.says("hello?", "greeting"))
    play.says("x", "request_plan")
    assert "A person from our team has your messages" in text(play.says("hello??", "greeting"))


@pytest.mark.parametrize("words", ["ok", "will do", "can do", "okay then", "yes please"])
def test_what_reads_like_consent_is_no_question(play: Play, words: str) -> None:
    assert responses(play.says(words, "affirm")) == []


def test_a_no_to_the_offer_of_a_person_is_taken_kindly(play: Play) -> None:
    play.says("i lost my job", "hardship")
    assert responses(play.says("no", "deny")) == ["utter_no_need"]


@pytest.mark.parametrize("words", ["y", "yep", "\U0001f44d"])
def test_a_late_yes_is_offered_a_way_on(play: Play, words: str) -> None:
    play.says("50 friday", "promise_to_pay", amount=usd(50), on=FRIDAY)
    play.waits()
    play.waits()
    assert responses(play.says(words, "affirm")) == ["utter_options"]


def test_an_ok_tells_nothing_of_a_payment(play: Play) -> None:
    play.says("i paid", "already_paid")
    asked = play.says("ok", "affirm")
    assert (responses(asked), handoffs(asked)) == (["utter_ask_claim_details_again"], [])
    done = play.says("ok", "affirm")
    assert (responses(done), handoffs(done)) == (["utter_claim_noted"], ["already_paid"])


def test_a_yes_to_outreach_gets_the_choices(play: Play) -> None:
    play.event(Campaign, channel=ChannelKind.SMS, flow="reminder")
    assert responses(play.says("yes", "affirm")) == ["utter_options"]


def test_thanks_leave_a_question_standing_and_hello_repeats_it(play: Play) -> None:
    play.says("50", "promise_to_pay", amount=usd(50))
    assert text(play.says("thanks", "thanks")) == ""
    assert responses(play.says("hi", "greeting")) == ["utter_greeting", "utter_ask_promise_date"]


def test_the_end_of_a_hold_lets_flows_run_again(play: Play) -> None:
    play.says("not mine", "dispute")
    play.event(TimerDue, kind="hold_end", version=1)
    assert responses(play.says("pay", "pay_now")) == ["utter_pay_link"]


@pytest.mark.parametrize("intent", ["thanks", "greeting", "scam_suspicion", "complaint"])
def test_in_the_us_every_reply_says_who_we_are_and_how_to_stop(play: Play, intent: str) -> None:
    out = text(play.says("...", intent))
    assert "debt collector" in out
    assert out.count("STOP") == 1
