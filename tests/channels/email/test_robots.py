"""Automatic answers and mail to many: by headers, by subjects, and by words where two agree."""

import pytest

from channels.email.machines import judge
from channels.email.mail import Mail
from domain.mail import Attachment, MailKind
from tests.channels.email.mails import mail

BY_HEADER = [
    {"Auto-Submitted": "auto-replied"},
    {"auto-submitted": 'Auto-Generated; owner-email="a@x.example"'},
    {"Auto-Submitted": "auto-notified"},
    {"X-Autoreply": "yes"},
    {"X-Autorespond": "Re: hello"},
    {"X-AutoReply-From": "a@x.example"},
    {"X-Autoresponder": "1"},
    {"X-RT-Loop-Prevention": "shop"},
    {"X-OTRS-Loop": "TRUE"},
    {"Precedence": "auto_reply"},
    {"Precedence": "auto-reply"},
]

SUBJECTS = [
    "Out of Office: Your bill",
    "Out of Office Re: Your bill",
    "Automatic reply: Your bill",
    "Auto-Reply: Your bill",
    "AUTO: Ana is out of the office (returning 05/01/2027)",
    "[Auto-Reply] Your bill",
    "Re: Your bill (Automatic Response)",
    "Automatische Antwort: Ihre Rechnung",
    "Abwesenheitsnotiz: Rechnung",
    "Réponse automatique : Votre facture",
    "Absence du bureau",
    "Respuesta automática: Su factura",
    "Fuera de la oficina",
    "Risposta automatica: fattura",
    "Resposta automática: fatura",
    "Automatisch antwoord: rekening",
    "Automatyczna odpowiedź: Rachunek",
    "Autosvar: Regning",
    "Automaattinen vastaus: Lasku",
    "Автоответ: счёт",
    "Автоматический ответ: счёт",
    "自動返信: 請求書",
    "自动回复: 账单",
    "자동 회신: 청구서",
    "رد تلقائي: فاتورة",
    "Read: Your bill",
    "Gelesen: Rechnung",
]

BY_WORDS = [
    mail("I am out of the office until Monday, with limited access to email.", subject="Re: Bill"),
    mail("I'm away from my desk. For urgent matters please contact Bo.", subject="Re: Bill"),
    mail("Ich bin bis Montag im Urlaub. In dringenden Fällen: Bo.", subject="Re: Rechnung"),
    mail("Je suis absente jusqu'à lundi. En cas d'urgence, appelez Bo.", subject="Re: Facture"),
    mail("Estoy fuera de la oficina. Para urgencias, llame a Bo.", subject="Re: Factura"),
    mail("This is an automated response. We have received your message.", subject="Re: Bill"),
    mail("This is an automated message.", subject="Bill", sender="no-reply@shop.example"),
    mail("We have received your request.", subject="[Ticket #4711] Your bill"),
    mail("I am on vacation.", subject="Re: Bill", return_path=""),
    mail("Thank you for your email.", subject="Bill", return_path=""),
    mail("I am on vacation.", subject="Re: Bill", headers={"Precedence": "bulk"}),
    mail("I will answer soon.", return_path="", headers={"Precedence": "bulk"}),
    mail("This is an automatic reply.", headers={"X-Auto-Response-Suppress": "All"}),
    mail(
        "I am on vacation.",
        subject="Re: Bill",
        references=("q@bank.example",),
        headers={"X-Auto-Response-Suppress": "All"},
    ),
]

CHALLENGES = [
    mail(
        "This account is protected by Bluebottle. Please click on the following link to have your"
        " address added to the allowed list and to ensure delivery of your email.",
        subject="RE: Your bill",
    ),
    mail(
        "Your message is being held. Please click the link below to verify that you are a person.",
        subject="Please confirm your message",
    ),
    mail(
        "To complete delivery of your message, reply to this message to confirm that you are a"
        " human being.",
        subject="Your email requires verification verify#abc",
    ),
    mail("Click here to verify your message.", subject="[spam] hi", sender="x@spamarrest.example"),
]


@pytest.mark.parametrize("headers", BY_HEADER)
def test_by_header(headers: dict[str, str]) -> None:
    assert judge(mail("Hello", headers=headers)).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize("subject", SUBJECTS)
def test_by_subject(subject: str) -> None:
    assert judge(mail("Back on Monday.", subject=subject)).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize("written", [*BY_WORDS, *CHALLENGES])
def test_by_words(written: Mail) -> None:
    assert judge(written).kind is MailKind.AUTO_REPLY


def test_a_read_receipt() -> None:
    assert judge(mail("Seen.", report="disposition-notification")).kind is MailKind.AUTO_REPLY


def test_an_absence_notice_that_came_by_a_list_is_an_absence_notice() -> None:
    headers = {"List-Id": "<l.x.example>", "Auto-Submitted": "auto-replied"}
    assert judge(mail("Away", headers=headers)).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Id": "News <news.shop.example>"},
        {"List-Unsubscribe": "<https://shop.example/u>"},
        {"Mailing-List": "list x@groups.example"},
        {"X-BeenThere": "x@lists.example"},
        {"Precedence": "list"},
        {"Precedence": "bulk"},
        {"Precedence": "junk"},
    ],
)
def test_lists(headers: dict[str, str]) -> None:
    assert judge(mail("Buy this", headers=headers)).kind is MailKind.LIST


@pytest.mark.parametrize(
    "written",
    [
        mail("", content_type="text/calendar", subject="Accepted: Call"),
        mail("", subject="Declined", attachments=(Attachment("i.ics", "text/calendar", 9, 1),)),
        mail("  \n "),
        mail(None),
        mail("", html="<style>p {}</style><p> </p>"),
    ],
)
def test_what_says_nothing_at_all(written: Mail) -> None:
    assert judge(written).kind is MailKind.OTHER
