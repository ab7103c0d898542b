# ruff: noqa: E501
"""Words as customers write them, and the word meant. Applied token by token after lower-casing."""

SHORT_FORMS = {
    "u": "you", "ur": "your", "r": "are", "y'all": "you", "yous": "you",
    "pls": "please", "plz": "please", "plse": "please", "pleas": "please", "plss": "please",
    "txt": "text", "txts": "texts", "txting": "texting", "txtin": "texting", "textin": "texting",
    "msg": "message", "msgs": "messages", "mesage": "message", "mesages": "messages",
    "messege": "message", "messeges": "messages", "messagin": "messaging",
    "thx": "thanks", "thnx": "thanks", "thanx": "thanks", "tks": "thanks", "ty": "thanks",
    "tnx": "thanks", "cheers": "thanks", "tysm": "thanks",
    "gonna": "going to", "gunna": "going to", "wanna": "want to", "gotta": "have to",
    "gimme": "give me", "lemme": "let me", "dunno": "dont know", "idk": "i dont know",
    "cuz": "because", "cos": "because", "coz": "because", "bc": "because", "b4": "before",
    "abt": "about", "w": "with", "wk": "week", "wks": "weeks", "mth": "month", "mths": "months",
    "mo": "month", "mnth": "month", "mnths": "months", "hr": "hour", "hrs": "hours",
    "acct": "account", "acc": "account", "accnt": "account", "acount": "account",
    "pymt": "payment", "pmt": "payment", "pmts": "payments", "pymnt": "payment",
    "paymnet": "payment", "paymet": "payment", "payemnt": "payment", "payent": "payment",
    "paymnt": "payment", "pyament": "payment", "amt": "amount", "bal": "balance",
    "ballance": "balance", "balence": "balance", "ppl": "people", "sry": "sorry", "srry": "sorry",
    "rn": "right now", "asap": "as soon as possible", "imma": "i will", "ima": "i will",
    "tho": "though", "yep": "yep", "yh": "yes", "yea": "yeah", "ye": "yeah", "k": "ok",
    "kk": "ok", "okay": "ok", "okey": "ok", "okk": "ok", "oki": "ok", "alrite": "alright",
    "pd": "paid", "payed": "paid", "dont": "dont", "doesnt": "doesnt", "donot": "do not",
    "im": "im", "ive": "ive", "wont": "wont", "cannot": "cant", "cudnt": "couldnt", "cud": "could",
    "wud": "would", "shud": "should", "whos": "whos", "dis": "this", "teh": "the",
    "wat": "what", "wats": "whats", "wot": "what", "hw": "how", "wen": "when", "wrk": "work",
    "nd": "and", "n": "and", "wnt": "want", "frm": "from", "ppd": "paid", "hav": "have",
    "yr": "year", "yrs": "years", "no1": "no one", "some1": "someone", "sum1": "someone",
    "xmas": "christmas", "wknd": "weekend", "wkend": "weekend",
    "q": "que", "xq": "porque", "pq": "porque", "tb": "tambien", "tmb": "tambien",
    "pf": "por favor", "porfa": "por favor", "porfis": "por favor", "grax": "gracias",
    "usd": "usd", "ud": "usted", "uds": "ustedes", "dia": "dia",
}  # fmt: skip

MISSPELLINGS = {
    "tomorow": "tomorrow", "tommorow": "tomorrow", "tommorrow": "tomorrow", "tomorro": "tomorrow",
    "tmrw": "tomorrow", "tmr": "tomorrow", "tmrow": "tomorrow", "tmw": "tomorrow",
    "tomoz": "tomorrow", "tomos": "tomorrow", "2moro": "tomorrow", "2morrow": "tomorrow",
    "2mrw": "tomorrow", "2mro": "tomorrow", "2day": "today", "2nite": "tonight", "tonite": "tonight",
    "2night": "tonight", "tdy": "today", "2moz": "tomorrow", "tomorrows": "tomorrow",
    "moday": "monday", "munday": "monday", "mondy": "monday", "tusday": "tuesday",
    "teusday": "tuesday", "tuseday": "tuesday", "tuesady": "tuesday", "wensday": "wednesday",
    "wendsday": "wednesday", "wednsday": "wednesday", "wedensday": "wednesday",
    "wednesdy": "wednesday", "thurday": "thursday", "thrusday": "thursday", "thrsday": "thursday",
    "thursdy": "thursday", "thirsday": "thursday", "firday": "friday", "frday": "friday",
    "fridy": "friday", "fryday": "friday", "freeday": "friday", "frieday": "friday",
    "satuday": "saturday", "saterday": "saturday", "satruday": "saturday", "sunady": "sunday",
    "janurary": "january", "januray": "january", "febuary": "february", "feburary": "february",
    "febuary's": "february", "agust": "august", "septmber": "september", "setember": "september",
    "ocotber": "october", "novemeber": "november", "decemeber": "december", "decmber": "december",
    "fourty": "forty", "ninty": "ninety", "twelth": "twelfth", "fith": "fifth", "hunderd": "hundred",
    "hundered": "hundred", "hundrid": "hundred", "thosand": "thousand", "fivteen": "fifteen",
    "fortnite": "fortnight", "forthnight": "fortnight", "fornight": "fortnight",
    "weeek": "week", "wekk": "week", "wek": "week", "weke": "week", "weekk": "week",
    "mont": "month", "moth": "month", "wkly": "weekly", "mthly": "monthly", "fortnigt": "fortnight",
    "evry": "every", "evey": "every", "evrey": "every", "marhc": "march", "mrach": "march",
    "frid": "friday", "mond": "monday", "wedn": "wednesday", "wedns": "wednesday",
    "yday": "yesterday", "ystrday": "yesterday", "yest": "yesterday", "yestday": "yesterday",
    "nite": "night", "mornin": "morning", "evenin": "evening", "arvo": "afternoon",
    "avo": "afternoon", "aft": "afternoon", "morra": "tomorrow",
    "hunnid": "hundred", "hunned": "hundred", "hunnit": "hundred", "hunna": "hundred",
    "hundo": "hundred", "thou": "thousand", "fiddy": "fifty", "fitty": "fifty", "twenny": "twenty",
    "bux": "bucks", "buks": "bucks", "squid": "quid",
    "dolla": "dollar", "dollas": "dollars", "dollers": "dollars", "dolars": "dollars",
    "dls": "dolares", "dlls": "dolares", "dlrs": "dolares", "dolare": "dolares",
    "puonds": "pounds", "fourthy": "forty", "forteen": "fourteen", "fiveteen": "fifteen", "monthy": "monthly", "montly": "monthly", "weekley": "weekly",
    "unsuscribe": "unsubscribe", "unsubcribe": "unsubscribe", "unsubscibe": "unsubscribe",
    "unsubsribe": "unsubscribe", "unsub": "unsubscribe", "stopp": "stop", "stp": "stop",
    "stpo": "stop", "sotp": "stop", "stahp": "stop", "contactin": "contacting",
    "lawer": "lawyer", "laywer": "lawyer", "lawyr": "lawyer", "attourney": "attorney",
    "atorney": "attorney", "attorny": "attorney", "soliciter": "solicitor",
    "solictor": "solicitor", "bankrupcy": "bankruptcy", "bankruptsy": "bankruptcy",
    "bankrupsy": "bankruptcy", "banckruptcy": "bankruptcy", "bankrupt": "bankrupt",
    "deseased": "deceased", "decesed": "deceased", "deceaced": "deceased", "passd": "passed",
    "sucide": "suicide", "suiside": "suicide", "sucidal": "suicidal", "suicidle": "suicidal",
    "wrng": "wrong", "rong": "wrong", "worng": "wrong", "numbr": "number", "numer": "number",
    "nuber": "number", "persn": "person", "idenity": "identity", "identy": "identity",
    "recieve": "receive", "recieved": "received", "recive": "receive", "beleive": "believe",
    "adress": "address", "setlement": "settlement", "settelment": "settlement",
    "instalment": "installment", "instalments": "installments", "installement": "installment",
    "arangement": "arrangement", "arrangment": "arrangement", "dispue": "dispute",
    "harrass": "harass", "harrassing": "harassing", "harrassment": "harassment",
    "harasing": "harassing", "complant": "complaint", "complait": "complaint",
    "tranfer": "transfer", "transfered": "transferred", "alredy": "already", "allready": "already",
    "alreday": "already", "alraedy": "already", "becuase": "because", "becasue": "because",
    "definately": "definitely", "hospitol": "hospital", "hopsital": "hospital",
    "aplogize": "apologize", "realy": "really", "deb": "debt", "det": "debt", "dept": "debt",
    "depts": "debts", "colector": "collector", "plese": "please", "recepit": "receipt",
    "reciept": "receipt", "lose": "lose", "loosing": "losing", "extention": "extension",
    "extenshun": "extension", "payd": "paid", "agian": "again", "agen": "again", "wiht": "with",
    "manyana": "manana", "maniana": "manana", "vierness": "viernes", "biernes": "viernes",
    "juebes": "jueves", "miercole": "miercoles", "savado": "sabado", "qincena": "quincena",
    "kincena": "quincena", "manna": "manana", "sien": "cien",
    "dosientos": "doscientos", "tresientos": "trescientos", "kinientos": "quinientos",
    "sincuenta": "cincuenta", "beinte": "veinte", "kinse": "quince",
    "biernez": "viernes", "juevez": "jueves", "martez": "martes",
    "1ro": "1st", "1o": "1st", "pagare": "pagare", "pago": "pago", "deveria": "deberia",
}  # fmt: skip

CONTRACTIONS = {
    "i'll": "i will", "we'll": "we will", "he'll": "he will", "she'll": "she will",
    "it'll": "it will", "you'll": "you will", "they'll": "they will", "i'd": "i would",
    "ill be": "i will be",
}  # fmt: skip

ILL_BEFORE = (
    "pay|do|make|send|have|get|be|call|try|sort|give|clear|settle|put|transfer|need|see|let|take|"
    "just|go|come|ring|text|email|contact|drop|mail|start|catch|finish|log|set|speak|talk|report|"
    "wait|check|use|never|not|probably|definitely|hopefully|also|then|only|still|deposit|submit"
)
"""After "ill", one of these makes it "i will"; otherwise somebody is ill."""

WORDS = SHORT_FORMS | MISSPELLINGS

_WEEKDAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_EASILY_MISTYPED = (
    *_WEEKDAYS,
    "tomorrow", "yesterday", "tonight", "january", "february", "april", "august", "september",
    "october", "november", "december", "weekend", "fortnight", "fortnightly", "month", "months",
    "weeks", "monthly", "weekly", "biweekly", "every", "three", "seven", "eight", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred",
    "thousand", "dollar", "dollars", "pounds", "christmas", "payment", "payments", "balance",
    "unsubscribe", "installments",
    "viernes", "miercoles", "domingo", "quincena", "semana", "septiembre", "noviembre",
    "diciembre", "veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta",
    "noventa", "dolares", "mensual",
)  # fmt: skip
_WORDS_OF_THEIR_OWN = frozenset(
    "moth mouth weak weakly ever eery there tree thee throe seen sven fort eight dollar pound ponds "
    "payment dolores novena venite domino month week sandy mandy mindy sturdy monda frida sunda "
    "installment instillments quinceno mensal sabido every vienes".split()
)
_VOWELS = "aeiou"


def _slips(word: str) -> set[str]:
    """A letter left out, doubled or swapped with its neighbour, or one vowel for another; the
    first letter kept.
    """
    places = range(1, len(word))
    dropped = {word[:at] + word[at + 1 :] for at in places}
    doubled = {word[:at] + word[at] + word[at:] for at in places}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    vowels = {
        word[:at] + vowel + word[at + 1 :]
        for at in places
        if word[at] in _VOWELS
        for vowel in _VOWELS
    }
    return (dropped | doubled | swapped | vowels) - {word}


def _slips_of_a_day(word: str) -> set[str]:
    """Two slips at once, where the word still ends as a day does."""
    if word not in (*_WEEKDAYS, "tomorrow"):
        return set()
    twice = set().union(*map(_slips, _slips(word)))
    return {slip for slip in twice if slip.endswith(("day", "dy", "row")) and len(slip) > 4}


SLIPS = {
    slip: word
    for word in _EASILY_MISTYPED
    for slip in _slips(word) | _slips_of_a_day(word)
    if slip not in _WORDS_OF_THEIR_OWN and slip not in _EASILY_MISTYPED
}
