"""Bounces without RFC 3464: the ways in which mail systems write whom they did not reach."""

from typing import NamedTuple

import pytest

from channels.email.machines import judge
from domain.mail import Bounced, MailKind
from tests.channels.email.mails import CUSTOMER, US, daemon, mail, ours

A, B = CUSTOMER, "bo@shop.example"
HARD, FULL, DOWN = "5.1.1", "4.2.2", "4.4.1"


class Case(NamedTuple):
    name: str
    text: str
    expected: tuple[Bounced, ...]
    subject: str = "Mail delivery failed"


def hard(address: str = A, status: str | None = HARD) -> tuple[Bounced, ...]:
    return (Bounced(address, True, status),)


def soft(address: str = A, status: str | None = FULL) -> tuple[Bounced, ...]:
    return (Bounced(address, False, status),)


CASES = [
    Case(
        "qmail",
        f"Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver"
        f" your message.\n\n<{A}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <{US}>\nTo: {A}\n",
        hard(),
        "failure notice",
    ),
    Case(
        "qmail: remote host said",
        f"<{A}>:\n192.0.2.7 does not like recipient.\nRemote host said: 452 4.2.2 Over quota\n"
        "Giving up on 192.0.2.7.",
        soft(),
        "failure notice",
    ),
    Case(
        "qmail: two addresses, each with its own reason",
        f"<{A}>:\nUser's mailfolder is full.\n\n<{B}>:\n550 no such user\n",
        (*soft(), *hard(B)),
    ),
    Case(
        "postfix",
        f"<{A}>: host mx.example[192.0.2.7] said: 550 5.1.1 <{A}>: Recipient address rejected:\n"
        "    User unknown (in reply to RCPT TO command)",
        hard(),
        "Undelivered Mail Returned to Sender",
    ),
    Case(
        "postfix: passed on",
        f"<{A}> (expanded from <info@shop.example>): unknown user",
        hard(),
    ),
    Case(
        "exim",
        "A message that you sent could not be delivered to one or more of its recipients.\n"
        f"The following address(es) failed:\n\n  {A}\n    SMTP error from remote mail server"
        f" after RCPT TO:<{A}>:\n    host mx.example [192.0.2.7]: 550 5.1.1 User Unknown\n\n"
        f"------ This is a copy of the message, including all the headers. ------\nTo: {A}\n",
        hard(),
    ),
    Case(
        "exim: late",
        "A message that you sent has not yet been delivered to one or more of its recipients\n"
        f"after more than 24 hours on the queue.\n\n  {A}\n\nNo action is required on your part.",
        soft(status=None),
        "Warning: message delayed 24 hours",
    ),
    Case(
        "sendmail's dialogue",
        f"----- The following addresses had permanent fatal errors -----\n<{A}>\n\n"
        f"----- Transcript of session follows -----\n>>> RCPT To:<{A}>\n<<< 550 5.1.1 Unknown\n",
        hard(),
        "Returned mail: see transcript for details",
    ),
    Case(
        "sendmail of old: only the returned header names it",
        "----- Transcript of session follows -----\n421 shop.example (smtp)... Deferred:"
        f" Connection timed out\n\n----- Unsent message follows -----\nFrom: {US}\nTo: {A}\n"
        "Subject: Your bill",
        soft(status=DOWN),
        "Returned mail: Cannot send message for 4 days",
    ),
    Case(
        "Exchange quotes the mail's To, which is not who failed",
        "Your message\n\n  To:      all@shop.example\n  Subject: Your bill\n  Sent:    Mon\n\n"
        f"did not reach the following recipient(s):\n\n{A} on Mon, 2 Nov 2026 10:00:00\n"
        "    The recipient name is not recognized\n",
        hard(),
        "Undeliverable: Your bill",
    ),
    Case(
        "Exchange through X.400",
        f"did not reach the following recipient(s):\n\nc=US;a= ;p=SHOP;o=N;dda:SMTP={A}; on Mon\n"
        "    The recipient name is not recognized\n",
        hard(),
        "Undeliverable: Your bill",
    ),
    Case(
        "Microsoft 365",
        f"Delivery has failed to these recipients or groups:\n\n{A}<mailto:{A}>\nThe email address"
        f" wasn't found at the destination domain.\n\n{A}\nRemote Server returned '550 5.1.10"
        " RESOLVER.ADR.RecipientNotFound'\n",
        hard(status="5.1.10"),
        "Undeliverable: Your bill",
    ),
    Case(
        "Google",
        f"** Address not found **\n\nYour message wasn't delivered to {A} because the address"
        " couldn't be found.\n\nThe response was:\n550 5.1.1 The account does not exist.",
        hard(),
        "Delivery Status Notification (Failure)",
    ),
    Case(
        "Domino",
        f"Your message\n\n  Subject: Your bill\n\nwas not delivered to:\n\n  {A}\n\nbecause:\n\n"
        f"  User Ana Ruiz ({A}) not listed in Domino Directory\n",
        hard(),
        "DELIVERY FAILURE: User Ana Ruiz not listed in Domino Directory",
    ),
    Case("IMail", f"Unknown user: {A}\n\nOriginal message follows.\n\nTo: {B}", hard()),
    Case("IMail: full", f"User mailbox exceeds allowed size: {A}\n", soft()),
    Case(
        "Yahoo",
        f"Message from yahoo.example.\nUnable to deliver message to the following address(es).\n\n"
        f"<{A}>:\nThis user doesn't have a yahoo.example account ({A}) [0]\n",
        hard(),
    ),
    Case(
        "GMX and 1&1",
        f"The following address failed:\n\n{A}\n\nReason:\n\nMail size limit exceeded.\n\n"
        f"--- The header of the original message is following. ---\n\nTo: {A}\n",
        hard(status="5.3.4"),
    ),
    Case(
        "Oracle",
        f"header fields:\n\n  From: {US}\n  To: all@shop.example\n  Subject: Your bill\n\nYour"
        f" message cannot be delivered to the following recipients:\n\n  Recipient address: {A}\n"
        "  Reason: Remote SMTP server has rejected address\n"
        "  Diagnostic code: smtp;550 5.1.1 User Unknown\n",
        hard(),
        "Delivery Notification: Delivery has failed",
    ),
    Case(
        "Amazon SES",
        f"An error occurred while trying to deliver the mail to the following recipients:\n{A}\n",
        (Bounced(A, True, None),),
        "Delivery Status Notification (Failure)",
    ),
    Case("Zoho", f"{A} Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 Unknown", hard()),
    Case(
        "hosts down for long", f"  {A}\n    all hosts have been failing for long", soft(status=DOWN)
    ),
    Case("square brackets", f"* [{A}]: 550 {A}...User account is overquota", soft(status="5.2.2")),
    Case("no code at all", f"The addresses had delivery errors\n\n{A} [User unknown]", hard()),
    Case(
        "a whole sentence",
        f"The following recipients returned permanent errors: {A}. Reason: SMTP Server <192.0.2.7>"
        " refused to accept your message: [554 5.4.6 Hop count exceeded - mail loop]",
        hard(status="5.4.6"),
        "There was an error sending your mail",
    ),
    Case(
        "its own helpdesk is not who failed",
        f"Your mail could not be delivered to:\n\n<{A}>\n\nPlease contact help@isp.example or"
        " write to postmaster@isp.example. 550 5.1.1",
        hard(),
    ),
    Case(
        "German",
        f"Ihre Nachricht konnte nicht zugestellt werden.\n\n{A}\nEmpfänger unbekannt",
        hard(),
        "Unzustellbar: Ihre Rechnung",
    ),
    Case("German: full", f"{A}:\nDas Postfach ist voll", soft(), "Nicht zustellbar: Rechnung"),
    Case(
        "French",
        f"Votre message n'a pas pu être remis à :\n{A}\nDestinataire inconnu",
        hard(),
        "Non remis : Votre facture",
    ),
    Case(
        "Spanish",
        f"No se pudo entregar su mensaje a:\n{A}\nEl usuario no existe",
        hard(),
        "No se puede entregar: Su factura",
    ),
    Case(
        "Italian",
        f"Impossibile consegnare il messaggio a:\n{A}\nUtente sconosciuto",
        hard(),
        "Mancato recapito",
    ),
    Case(
        "Portuguese",
        f"Sua mensagem não foi entregue a:\n{A}\nA caixa está cheia",
        soft(),
        "Não entregue: Sua fatura",
    ),
    Case(
        "Dutch",
        f"Uw bericht kon niet worden bezorgd bij:\n{A}\nGebruiker onbekend",
        hard(),
        "Onbestelbaar: Uw rekening",
    ),
    Case(
        "Polish",
        f"Nie można dostarczyć wiadomości:\n{A}\nSkrzynka jest pełna",
        soft(),
        "Niedostarczone: Rachunek",
    ),
    Case(
        "Russian",
        f"Сообщение не доставлено:\n{A}\nПользователь не найден",
        hard(),
        "Недоставленное сообщение",
    ),
    Case(
        "Japanese",
        f"次のあて先へ送信できませんでした。\n<{A}>\nメールボックスがいっぱいです",
        soft(),
        "メールエラー通知",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mail_systems_own_words(case: Case) -> None:
    judged = judge(daemon(case.text, case.subject))
    assert (judged.kind, judged.bounces) == (MailKind.BOUNCE, case.expected)


def test_html_alone_is_read_as_its_words() -> None:
    html = (
        "<html><head><style>p {color: red}</style><title>x@y.example</title></head><body><p>Your"
        f" message could not be delivered to:</p><b>{A}</b><br>550&nbsp;5.1.1 User unknown</body>"
    )
    bounced = mail(None, html=html, sender="postmaster@mx.example", subject="Undeliverable")
    assert judge(bounced).bounces == hard()


def test_exim_names_the_failed_in_a_header_and_says_why_in_words() -> None:
    failed = mail(
        f"The following addresses failed:\n\n  {A}\n    550 unknown user\n\n  {B}\n    mailbox is"
        " full",
        sender="exim@mx.example",
        headers={"X-Failed-Recipients": f"{A}, {B}"},
    )
    assert judge(failed).bounces == (*hard(), *soft(B))


def test_who_got_the_returned_mail_is_who_failed_where_the_words_name_nobody() -> None:
    words = "One or more of the recipients are not a valid user. Please check the address."
    assert judge(daemon(words, back=(ours(A),))).bounces[0].address == A


def test_a_report_from_nobody_at_all() -> None:
    told = mail(
        "It cannot be delivered: mail box space not enough", sender="", subject="Mail Error"
    )
    assert judge(told).kind is MailKind.BOUNCE


def test_our_own_address_is_never_who_failed() -> None:
    judged = judge(daemon(f"Mail from {US} to\n{US}\ncould not be delivered: <{A}> user unknown"))
    assert [one.address for one in judged.bounces] == [A]


def test_a_bounce_that_names_nobody_is_still_a_bounce() -> None:
    judged = judge(daemon("Your message could not be delivered."))
    assert (judged.kind, judged.bounces) == (MailKind.BOUNCE, ())


def test_a_daemon_that_answers_as_a_person_would() -> None:
    answer = mail(
        f"Error: Invalid user address\n\n550 - no such user here\n\n  MAIL FROM: {US}\n"
        f"  RCPT TO: {A}\n  From: {US}\n",
        sender="post_master@phone.example",
        subject="Re: Your bill",
        references=("q1@bank.example",),
    )
    assert judge(answer).bounces == hard()


@pytest.mark.parametrize(
    ("sender", "return_path"),
    [
        ("postmaster@mx.example", None),
        ("System_Gateway@mx.example", None),
        ("no-reply@isp.example", None),
        ("joe@isp.example", ""),
    ],
)
def test_machines_without_a_daemons_name(sender: str, return_path: str | None) -> None:
    told = mail(
        f"Your message could not be delivered to the following recipients:\n\n{A}\n",
        sender=sender,
        return_path=return_path,
        subject="Delivery failure notification",
    )
    assert judge(told).bounces == (Bounced(A, True, None),)


BY_SOFTWARE = "This was created automatically by mail delivery software.\nYour message"
VIRUS_WALL = "****** Message from Some Virus Wall ******\n\nThe mail could not be delivered."


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        (f"Could not be delivered to: <{A}>\nTheir mailbox is full.", "Mail", soft()),
        (f"{BY_SOFTWARE} could not be delivered.", "Mail delivery failed", hard(status=None)),
        (f"{VIRUS_WALL} Maximum Delivery Attempts.", "Mail error", soft(status="4.4.7")),
    ],
)
def test_a_notice_with_a_persons_address_brings_our_mail_back(
    text: str, subject: str, expected: tuple[Bounced, ...]
) -> None:
    told = mail(text, sender="ndr@isp.example", subject=subject, returned=(ours(A),))
    assert judge(told).bounces == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"The mail could not be delivered\n收件人邮件地址（{A}）不存在", A),
        (f'The mail could not be delivered to:\n"{A}" <{A}>', A),
        (f"{A} Invalid Address\nReceived:from mx by mx\nMessage-ID:<1@z.example>\n", A),
    ],
)
def test_what_stands_around_an_address_is_none(text: str, expected: str) -> None:
    assert [one.address for one in judge(daemon(text)).bounces] == [expected]


def test_a_sender_of_nobody_needs_no_usual_subject() -> None:
    told = mail(
        f"Sorry, we could not deliver your message to {A}: mailbox unknown.",
        sender="bounce@service.example",
        return_path="",
        subject="Your email bounced",
    )
    assert judge(told).bounces == hard()
