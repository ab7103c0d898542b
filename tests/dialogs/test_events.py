"""What is not said by the customer: outreach, timers, payments, links, failures."""

from dataclasses import replace

import pytest
from msgspec import structs

from dialogs.decide import pending_slot
from domain.commands import CancelQueued, Handoff, IssueLink, Say
from domain.events import (
    Campaign,
    LinkOpened,
    PaymentDeclined,
    PaymentMade,
    PromiseSettled,
    SendFailed,
    TimerDue,
)
from domain.links import Purpose
from domain.messages import LINK_MARK, Category
from domain.promise import History
from domain.values import ChannelKind
from tests.dialogs.play import (
    FRIDAY,
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

ASK_DATE = "utter_ask_promise_date"


class TestOutreach:
    @pytest.mark.parametrize("channel", list(ChannelKind))
    def test_the_first_message_names_us_and_nothing_else(
        self, play: Play, channel: ChannelKind
    ) -> None:
        out = play.event(Campaign, channel=channel, flow="reminder")
        (say,) = of(out, Say)
        assert (say.category, say.channel, say.address) == (Category.OUTREACH, channel, None)
        for needed in ("Harbor Recovery", "a debt collector", "STOP", LINK_MARK):
            assert needed in say.content.text
        for secret in ("Wilhelmina", "432", "Zebra"):
            assert secret not in say.content.text + (say.content.subject or "")

    def test_in_britain_it_hides_the_debt(self, play_uk: Play) -> None:
        out = text(play_uk.event(Campaign, channel=ChannelKind.SMS, flow="reminder"))
        assert "Harbor Recovery" in out
        assert out.endswith("Reply STOP to opt out")
        for word in ("debt", "owe", "collect", "arrears", "balance"):
            assert word not in out.lower()

    def test_a_live_link_is_used_again(self, play: Play) -> None:
        play.context = structs.replace(play.context, links={Purpose.PAY: "link-1"})
        out = play.event(Campaign, channel=ChannelKind.SMS, flow="reminder")
        assert of(out, IssueLink) == []
        assert of(out, Say)[0].link_id == "link-1"

    @pytest.mark.parametrize("flow", ["nothing", ""])
    def test_an_unknown_flow_says_nothing(self, play: Play, flow: str) -> None:
        out = play.event(Campaign, channel=ChannelKind.SMS, flow=flow)
        assert (text(out), logged(out)) == ("", ["message.suppressed"])

    def test_not_while_we_talk_nor_while_a_promise_is_pending(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        assert text(play.event(Campaign, channel=ChannelKind.SMS, flow="reminder")) == ""
        other = Play(play.pack, structs.replace(play.context, history=History("p", usd(5), FRIDAY)))
        assert text(other.event(Campaign, channel=ChannelKind.SMS, flow="reminder")) == ""


class TestNoReply:
    def test_one_nudge_with_the_question_then_the_end(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        nudge = play.waits()
        assert responses(nudge) == ["utter_no_reply", ASK_DATE]
        assert of(nudge, Say)[0].category is Category.OUTREACH
        end = play.waits()
        assert (text(end), logged(end), timers(end)) == ("", ["conversation.expired"], [])
        assert play.state is not None
        assert play.state.stack == ()

    def test_an_answer_brings_the_patience_back(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        play.waits()
        play.says("friday", "promise_to_pay", on=FRIDAY)
        play.says("yes", "affirm")
        play.says("50", "promise_to_pay", amount=usd(50))
        assert text(play.waits()) != ""

    def test_a_late_timer_does_nothing(self, play: Play) -> None:
        asked = play.says("50", "promise_to_pay", amount=usd(50))
        play.says("friday", "promise_to_pay", on=FRIDAY)
        (timer,) = timers(asked)
        before = play.state
        late = play.event(TimerDue, kind="no_reply", version=timer.version)
        assert (late.commands, play.state) == ((), before)

    def test_the_timer_names_the_state_that_it_waits_in(self, play: Play) -> None:
        asked = play.says("50", "promise_to_pay", amount=usd(50))
        assert [timer.version for timer in timers(asked)] == [asked.state.version]

    def test_a_question_always_has_a_live_timer(self, play: Play) -> None:
        asked = play.says("50", "promise_to_pay", amount=usd(50))
        opened = play.event(LinkOpened, link_id="l")
        assert timers(opened) == []
        assert [timer.version for timer in timers(asked)] == [opened.state.version]


class TestPayments:
    def test_a_payment_thanks_and_ends_the_question(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        paid = play.event(PaymentMade, payment_id="p", amount=usd(50))
        assert responses(paid) == ["utter_payment_thanks"]
        assert CancelQueued("payment") in paid.commands
        assert play.state is not None
        assert (play.state.question, play.state.slots) == (None, {})
        assert "50" not in text(paid)

    def test_a_verified_payer_sees_the_amount(self, play: Play) -> None:
        play.event(LinkOpened, link_id="l")
        assert "$50.00" in text(play.event(PaymentMade, payment_id="p", amount=usd(50)))

    def test_a_small_payment_leaves_the_question(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        play.event(PaymentMade, payment_id="p", amount=usd(5), balance=usd(400))
        assert play.state is not None
        assert pending_slot(play.state) == "promise_date"
        done = play.says("friday", "promise_to_pay", on=FRIDAY)
        assert responses(done) == ["utter_ask_promise_confirmed"]

    def test_whatever_clears_the_balance_settles(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        play.event(PaymentMade, payment_id="p", amount=usd(5), balance=usd(0))
        assert play.state is not None
        assert play.state.question is None

    def test_a_declined_payment_may_be_tried_again(self, play: Play) -> None:
        declined = play.event(PaymentDeclined, payment_id="p", amount=usd(50))
        assert LINK_MARK in text(declined)

    def test_not_to_one_who_asked_for_quiet(self, play: Play) -> None:
        play.says("stop", "opt_out")
        assert text(play.event(PaymentMade, payment_id="p", amount=usd(50))) == ""
        assert text(play.event(PaymentDeclined, payment_id="p", amount=usd(50))) == ""

    def test_a_suspended_account_is_thanked_and_not_asked(self, play: Play) -> None:
        play.says("not mine", "dispute")
        assert text(play.event(PaymentMade, payment_id="p", amount=usd(50))) != ""
        assert text(play.event(PaymentDeclined, payment_id="p", amount=usd(50))) == ""


class TestPromises:
    def test_kept_is_thanked(self, play: Play) -> None:
        kept = play.event(
            PromiseSettled, promise_id="p", kept=True, amount=usd(50), due_date=FRIDAY
        )
        assert responses(kept) == ["utter_promise_kept"]

    def test_broken_is_asked_about_kindly_and_twice_goes_to_a_person(self, play: Play) -> None:
        for broken, person in ((1, []), (2, ["promises_broken"]), (3, ["promises_broken"])):
            play.context = structs.replace(play.context, history=History(broken_in_a_row=broken))
            out = play.event(
                PromiseSettled, promise_id="p", kept=False, amount=usd(50), due_date=FRIDAY
            )
            assert handoffs(out) == person
            assert of(out, Say)[0].category is Category.OUTREACH

    def test_a_reminder_repeats_the_customers_own_figures(self, play: Play) -> None:
        play.context = structs.replace(play.context, history=History("p1", usd(50), FRIDAY))
        out = play.event(TimerDue, kind="promise_reminder", version=1, subject="p1")
        assert "$50.00 on Friday, November 27" in text(out)
        gone = play.event(TimerDue, kind="promise_reminder", version=1, subject="p0")
        assert text(gone) == ""

    def test_a_reminder_leaves_an_open_question(self, play: Play) -> None:
        play.context = structs.replace(play.context, history=History("p1", usd(50), FRIDAY))
        play.says("how much", "promise_to_pay")
        before = play.state
        out = play.event(TimerDue, kind="promise_reminder", version=1, subject="p1")
        assert responses(out) == ["utter_promise_reminder"]
        assert play.state == before

    @pytest.mark.parametrize("kind", ["promise_due", "hold_end", "something"])
    def test_other_timers_say_nothing(self, play: Play, kind: str) -> None:
        out = play.event(TimerDue, kind=kind, version=1)
        assert out.commands == ()


def test_who_opened_the_link_is_known(play: Play) -> None:
    assert "432" not in text(play.says("balance", "balance_query"))
    opened = play.event(LinkOpened, link_id="l")
    assert text(opened) == ""
    assert "$432.19" in text(play.says("balance", "balance_query"))


class TestFailures:
    def test_an_undeliverable_question_goes_by_email_then_to_a_person(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        failed = play.event(
            SendFailed, message_id="m", channel=ChannelKind.SMS, address="+1", reason="bad_address"
        )
        assert (responses(failed), handoffs(failed)) == (["utter_delivery_failed"], [])
        assert failed.state.question is None
        again = play.event(
            SendFailed, message_id="n", channel=ChannelKind.EMAIL, address="w", reason="bad_address"
        )
        assert (text(again), handoffs(again)) == ("", ["delivery_failed"])

    def test_an_opt_out_at_the_carrier_is_one_here(self, play: Play) -> None:
        play.event(
            SendFailed, message_id="m", channel=ChannelKind.SMS, address="+1", reason="opted_out"
        )
        assert text(play.says("hi", "greeting")) == ""

    def test_a_text_with_a_gap_is_never_sent(self, play: Play) -> None:
        play.context = structs.replace(play.context, link_base="")
        out = play.says("pay", "pay_now")
        assert text(out) == ""
        (log,) = [c for c in out.commands if getattr(c, "type", "") == "message.suppressed"]
        assert dict(log.payload) == {
            "rule": "unfilled_variable", "response": "utter_pay_link", "variable": "link"
        }  # fmt: skip
        assert Handoff("unfilled_variable") in out.commands
        assert of(out, IssueLink) == []

    def test_a_gap_in_a_question_leaves_none_open(self, play: Play) -> None:
        play.context = structs.replace(play.context, brand=replace(play.context.brand, name=""))
        out = play.says("50", "promise_to_pay", amount=usd(50))
        assert (text(out), out.state.question, promises(out)) == ("", None, [])

    def test_another_version_of_the_dialogs_goes_to_a_person(self, play: Play) -> None:
        play.says("50", "promise_to_pay", amount=usd(50))
        play.pack = replace(play.pack, version="2")
        out = play.says("friday", "promise_to_pay", on=FRIDAY)
        assert handoffs(out) == ["dialog_version"]
        assert responses(out) == ["utter_ask_promise_amount"]
        assert out.state.pack_version == "2"
