"""Delivery status notices of RFC 3464: whom they name, and what their codes say."""

import pytest

from channels.email.machines import judge
from domain.mail import Bounced, MailKind
from tests.channels.email.mails import CUSTOMER, mail, notice, ours

FAILED = "Action: failed\nStatus: 5.1.1"


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        ("rfc822; ana@shop.example", "ana@shop.example"),
        ("rfc822;<ana@SHOP.example>", "ana@shop.example"),
        ("RFC822; Ana@shop.example (Ana Ruiz)", "Ana@shop.example"),
        ("ana@shop.example", "ana@shop.example"),
        ("LOCAL; <ana@shop.example>", "ana@shop.example"),
        ("utf-8; añá@shöp.example", "añá@shöp.example"),
        (r"utf-8; a\x{F1}a@shop.example", "aña@shop.example"),
        ("rfc822; ana+2Bdebt@shop.example", "ana+2Bdebt@shop.example"),
        ("rfc822; ana+40shop.example", "ana@shop.example"),
        ("rfc822; IMCEASMTP-ana+40shop+2Eexample@gate.example", "ana@shop.example"),
        ("X400; /RFC-822=ana(a)shop.example/P=GATE/A=MAX/C=FR/", "ana@shop.example"),
        ("x400;/DD.RFC-822=ana(u)r(a)shop.example;/C=DE/", "ana_r@shop.example"),
        ("rfc822; /S=Ruiz/G=Ana/O=Shop/@gate.example", "Ana.Ruiz@gate.example"),
        ("rfc822; ana@#shop.example", "ana@#shop.example"),
        ("rfc822; ana@localhost", "ana@localhost"),
    ],
)
def test_every_way_to_write_a_recipient(recipient: str, address: str) -> None:
    judged = judge(notice(f"Final-Recipient: {recipient}\n{FAILED}"))
    assert judged.bounces == (Bounced(address, True, "5.1.1"),)


def test_whom_we_wrote_to_comes_before_whom_it_was_passed_on_to() -> None:
    block = f"Final-Recipient: rfc822; a7@pop.example\nOriginal-Recipient: rfc822;{CUSTOMER}\n"
    assert judge(notice(block + FAILED)).bounces == (Bounced(CUSTOMER, True, "5.1.1"),)


def test_xtext_is_undone_where_an_original_recipient_has_it() -> None:
    block = "Original-Recipient: rfc822;ana+2Bdebt@shop.example\n"
    assert judge(notice(block + FAILED)).bounces[0].address == "ana+debt@shop.example"


def test_an_exchange_server_s_inner_address_names_nobody() -> None:
    block = "Final-Recipient: rfc822; IMCEAEX-_O=SHOP_CN=ANA@shop.example\n" + FAILED
    assert judge(notice(block, back=(ours(),))).bounces == (Bounced(CUSTOMER, True, "5.1.1"),)


def test_all_recipients_each_with_their_own_outcome() -> None:
    judged = judge(
        notice(
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1",
            "Final-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.4.1",
            "Final-Recipient: rfc822; c@x.example\nAction: delivered\nStatus: 2.0.0",
            "Final-Recipient: rfc822; A@x.example\nAction: failed\nStatus: 5.2.2",
        )
    )
    assert judged.kind is MailKind.BOUNCE
    assert judged.bounces == (
        Bounced("a@x.example", True, "5.1.1"),
        Bounced("b@x.example", False, "4.4.1"),
    )


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "Relayed (to non-DSN)"])
def test_a_notice_of_success_is_no_bounce(action: str) -> None:
    judged = judge(notice(f"Final-Recipient: rfc822; a@x.example\nAction: {action}\nStatus: 2.0.0"))
    assert (judged.kind, judged.bounces) == (MailKind.OTHER, ())


@pytest.mark.parametrize(
    ("fields", "permanent", "status"),
    [
        ("Action: failed\nStatus: 5.1.1", True, "5.1.1"),
        ("Action: failed\nStatus: 5.1.1 (no such user)", True, "5.1.1"),
        ("Action: failed\nStatus: 5.01.010", True, "5.1.10"),
        ("Action: failed\nStatus: 4.4.7", False, "4.4.7"),
        ("Action: failed\nStatus: 5.2.2", False, "5.2.2"),
        ("Action: failed\nStatus: 5.4.7", False, "5.4.7"),
        ("Action: delayed\nStatus: 4.0.0", False, "4.0.0"),
        ("Action: delayed\nStatus: 5.1.1", False, "4.1.1"),
        ("Action: delayed", False, None),
        ("Action: failed", True, None),
        ("Status: 5.7.1", True, "5.7.1"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 No", True, "5.1.1"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 552 mailbox full", False, "5.2.2"),
        ("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 User unknown", True, "5.1.1"),
        ("Action: failed\nDiagnostic-Code: smtp; 452 4.2.2 Over quota", False, "4.2.2"),
        ("Action: failed\nDiagnostic-Code: smtp;450 4.7.1 Greylisted, try again", False, "4.7.1"),
        ("Action: failed\nDiagnostic-Code: smtp; 450 Please wait, greylisting", False, "4.7.1"),
        ("Action: failed\nDiagnostic-Code: smtp; 550 No such user here", True, "5.1.1"),
        ("Action: failed\nDiagnostic-Code: X-Postfix; unknown user", True, "5.1.1"),
        ("Action: failed\nDiagnostic-Code: X-Postfix; connection timed out", False, "4.4.1"),
        ("Action: failed\nStatus: 2.0.0", True, None),
        ("Action: failure\nStatus: 553 exceeded maximum message size", True, "5.3.4"),
    ],
)
def test_what_the_codes_say(fields: str, permanent: bool, status: str | None) -> None:
    judged = judge(notice(f"Final-Recipient: rfc822; {CUSTOMER}\n{fields}"))
    assert judged.bounces == (Bounced(CUSTOMER, permanent, status),)


def test_the_words_around_a_report_make_a_general_code_precise() -> None:
    block = f"Final-Recipient: rfc822; {CUSTOMER}\nAction: failed\nStatus: 5.0.0"
    text = f"<{CUSTOMER}>: host mx.example said: 550 5.1.1 User unknown"
    assert judge(notice(block, text=text)).bounces == (Bounced(CUSTOMER, True, "5.1.1"),)


def test_a_report_without_a_recipient_falls_back_to_its_words_and_to_what_it_returns() -> None:
    told = notice("Action: failed", text=f"  {CUSTOMER}\n    550 5.1.1 unknown")
    assert judge(told).bounces == (Bounced(CUSTOMER, True, "5.1.1"),)
    returned = judge(notice("Action: failed\nStatus: 5.1.1", back=(ours("bo@x.example"),)))
    assert [one.address for one in returned.bounces] == ["bo@x.example"]


def test_a_report_that_wraps_another_one_says_what_the_inner_says() -> None:
    inner = notice(f"Final-Recipient: rfc822; {CUSTOMER}\n{FAILED}")
    outer = mail("", sender="postmaster@gw.example", subject="Delivery failed", returned=(inner,))
    assert judge(outer).bounces == (Bounced(CUSTOMER, True, "5.1.1"),)


def test_a_thousand_blocks_are_read_and_more_are_not() -> None:
    blocks = [f"Final-Recipient: rfc822; u{n}@x.example\n{FAILED}" for n in range(1500)]
    assert len(judge(notice(*blocks)).bounces) == 999
