"""Other languages are abstained from; English and Spanish, however they are written, are not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.understanding import Reply, Understanding
from domain.values import ChannelKind
from nlu.cascade import BuiltIn
from nlu.corpus import files, read
from nlu.features import words_of
from nlu.language import foreign
from nlu.normalise import plain

BUILT_IN = BuiltIn()

OTHERS = {
    "am": ("በዚህ ወር ገንዘብ የለኝም ይቅርታ",),
    "ar": ("سأدفع يوم الجمعة القادم", "توقفوا عن إرسال الرسائل"),
    "bn": ("আমি শুক্রবার টাকা দেব",),
    "cs": ("Dluh už jsem zaplatil v pátek", "nemám teď peníze, prosím počkejte"),
    "cy": ("Does gen i ddim arian y mis hwn", "byddaf yn talu ddydd Gwener, diolch"),
    "de": ("ich zahle am Freitag die Hälfte", "Sie haben die falsche Nummer, bitte aufhören"),
    "fr": ("je paierai la moitié vendredi", "vous avez le mauvais numero monsieur"),
    "he": ("אני אשלם ביום שישי",),
    "hi": ("मैं शुक्रवार को पैसे दूंगा",),
    "ht": ("m ap peye mwatye a vandredi", "Mwen pa dwe nou anyen, sispann ekri m"),
    "hu": ("pénteken kifizetem a felét, köszönöm", "Nincs most pénzem, nem dolgozom"),
    "it": ("pagherò la metà venerdì prossimo", "avete sbagliato numero, non sono io"),
    "ja": ("金曜日に払います", "間違い電話です"),
    "ko": ("금요일에 갚겠습니다",),
    "lt": ("Penktadienį aš tikrai sumokėsiu pusę skolos", "neturiu pinigų, prašau palaukti"),
    "nl": (
        "ik betaal vrijdag de helft van het bedrag",
        "u heeft het verkeerde nummer, stop hiermee",
    ),
    "pa": ("ਮੈਂ ਸ਼ੁੱਕਰਵਾਰ ਨੂੰ ਪੈਸੇ ਦੇਵਾਂਗਾ",),
    "pl": ("zapłacę połowę w piątek, dobrze?", "nie mam teraz pieniedzy bo stracilem prace"),
    "pt": ("vou pagar a metade na sexta", "vocês ligaram para o número errado"),
    "ro": ("platesc jumatate vineri, va rog", "Nu am bani acum, mi-am pierdut serviciul"),
    "ru": ("заплачу половину в пятницу", "Вы ошиблись номером"),
    "so": ("waxaan bixin doonaa jimcaha lacagta", "lambarka waa qalad, ha ii soo dirin"),
    "sq": ("do ta paguaj gjysmën të premten", "nuk kam para tani, ju lutem prisni"),
    "sw": ("nitalipa nusu siku ya ijumaa", "sina kazi sasa, tafadhali subiri kidogo"),
    "ta": ("வெள்ளிக்கிழமை பணம் தருகிறேன்",),
    "tl": ("babayaran ko po ang kalahati sa biyernes", "wala akong pera ngayon, pasensya na po"),
    "tr": ("borcun yarısını cuma günü ödeyeceğim", "yanlis numara, lutfen mesaj atmayin"),
    "uk": ("заплачу половину в п'ятницю, гаразд ні",),
    "ur": ("میں جمعہ کو پیسے دوں گا", "abhi paise nahi hain bhai, agle hafte dunga"),
    "vi": ("thứ sáu tôi sẽ trả một nửa", "toi khong co tien, xin cho them thoi gian"),
    "zh": ("我星期五付一半", "你打错电话了"),
}


def found(text: str) -> str | None:
    return foreign(text, words_of(plain(text)))


def understood(text: str) -> Understanding:
    at = datetime(2026, 3, 3, 12, tzinfo=ZoneInfo("America/New_York"))
    return BUILT_IN.parse([Reply("1", text, ChannelKind.SMS, "en-US", at, "USD", None)])[0]


@pytest.mark.parametrize("text", [text for texts in OTHERS.values() for text in texts])
def test_other_languages_are_abstained_from(text: str) -> None:
    answer = understood(text)
    assert answer.intent == "out_of_scope"
    assert answer.confidence <= 0.3
    assert answer.decided_by.startswith("language:")
    assert (answer.amount, answer.date, answer.instalment) == (None, None, None)


def test_most_are_named() -> None:
    every = [(code, text) for code, texts in OTHERS.items() for text in texts]
    assert sum(found(text) == code for code, text in every) >= 0.9 * len(every)


def test_no_english_or_spanish_example_is_taken_for_another_language() -> None:
    every = [example for example in read(files()) if "out_of_scope" not in example.intents]
    wrong = [example.text for example in every if found(example.text)]
    assert len(wrong) <= len(every) / 1000, wrong


@pytest.mark.parametrize(
    "text",
    ["yall trippin fr fr no cap", "tryna pay ya sum friday ong", "gr8 il snd it 2moz m8", "k", "si",
     "ya mero le deposito", "no manches otra vez ustedes", "orale pues", "Siobhan Nguyen", "ok pls",
     "can i pagar el viernes", "hola i need mas time por favor", "bonjour", "merci", "lol ok",
     "I wіll pау Frіdау", "je ne sais quoi is what your letters have", "my mam died", "soz pal",
     "50", "3/4", "👍", "💸💸", "¯\\_(ツ)_/¯", "٥٠", "?", "mi abuelita fallecio", "ntp",
     "URGENT!!!"],
)  # fmt: skip
def test_slang_slips_and_mixtures_are_not(text: str) -> None:
    assert found(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [("STOP", "opt_out"), ("ѕтор", "opt_out"), ("ＳＴＯＰ", "opt_out"), ("AYUDA", "help")],
)
def test_keywords_are_in_every_language(text: str, intent: str) -> None:
    assert understood(text).intent == intent


def test_the_quoted_message_does_not_tell_the_language() -> None:
    quoted = "On 3 March 2026, Acme wrote:\n> Please pay your balance of $50 today. Thank you."
    assert understood(f"nie mam teraz pieniędzy na to\n\n{quoted}").decided_by == "language:pl"
    assert understood(f"i paid that yesterday\n\n{quoted}").intent == "already_paid"


@given(st.text(max_size=200))
def test_any_text_has_a_language_or_none(text: str) -> None:
    code = found(text)
    assert code is None or 2 <= len(code) <= 3
