"""Who must not be written to: opt-outs, cease requests, wrong persons.

"stop" is also what customers want of a bill, a debit or a person who calls their mother; each of
those is a counter-example below. Another channel or time asked for is a preference, no opt-out.
"""

from nlu.rules.table import Rule

_ASK = r"(?:please |can you |could you |would you |will you |just |kindly |you (?:need|have) to |i want you to |i need you to )*"
_STOP = r"(?:stop|quit|cease|discontinue|end|halt|knock off)"
_DONT = r"(?:dont|do not|never|not to|no longer|donot)(?: (?:ever|you))?"
_SEND = r"(?:texting|messaging|emailing|e-mailing|spamming|smsing|mailing|pinging)"
_VERB = r"(?:text|message|email|e-mail|sms|spam|msg)"
_THINGS = r"(?:texts?|text messages?|messages?|sms|emails?|e-mails?|notifications?|alerts?|reminders?|spam)"
_ME = r"(?:me|us|this (?:number|phone|line|email)|my (?:phone|number|cell|mobile|email|inbox))"
_ELSEWHERE = (
    r"\b(?:instead|at work|at my (?:job|work|place of)|my (?:job|boss|work|employer|mother|mom|mum|family|wife|husband|"
    r"dad|father|sister|brother|parents|neighbou?rs?|friends?|son|daughter|kids|landline|house|home phone)|"
    r"(?:just|only|rather|prefer)(?: to)? (?:text|email|call|ring|write|phone|send)|(?:text|email|write|call|ring|phone) (?:me )?only|"
    r"(?:call|ring|phone|write to|email|text) me (?:on|at|instead|after|between)|"
    r"before [0-9]|after [0-9]|at night|so early|so late|in the (?:morning|evening|night)|during|while im|on (?:sunday|saturday|weekend)s?|"
    r"until|til|twice|every ?day|so (?:often|much|many)|this early|this late|(?:use|try) my|email is (?:fine|better)|text is (?:fine|better)|"
    r"(?:call|text|email) is (?:fine|better|ok|best)|by (?:letter|post|mail)\b)"
)
_NOT_ASKED = (
    r"\b(?:never agreed to opt|havent opted|have not opted|didnt (?:say|ask|tell|mean)|did not (?:say|ask|tell|mean)|never (?:said|asked|told)|dont (?:stop|unsubscribe|opt|remove)|"
    r"do not (?:stop|unsubscribe|opt|remove)|by (?:mistake|accident)|accident\w*|wasnt asking|not asking you to stop|mistakenly|"
    r"if (?:i|you) (?:stop|opt|unsub)|will (?:it|this|you) stop if)"
)

CONTACT = (
    Rule(
        "cease-contact", "cease_contact",
        on="stop cease quit no never dont do not refrain end halt",
        pattern=(
            rf"\b(?:{_STOP}|refrain from) (?:all |any |every |further |any further |all further |trying to |the )*"
            r"(?:contact(?:ing)?|communicat\w+|correspondence|reaching out|getting in touch)\b|"
            r"\bno (?:more |further )(?:contact|communications?|correspondence)\b|"
            r"\b(?:never|dont|do not|donot)(?: you)?(?: ever)?(?: try to)? (?:contact|communicate with|reach out to|get in touch with) (?:me|us)\b"
            r"(?! (?:at|on|by|via|before|after|during|until|with|through|about|in the)\b)|"
            r"\b(?:never|dont|do not)(?: ever)? (?:contact|reach out) (?:me |us )?(?:again|any ?more|by any|in any)|"
            r"\bcease and desist\b|\bcease (?:all |any )?(?:calls|texts) and\b|"
            r"\b(?:never|dont|do not) (?:want to )?hear from (?:you|u)(?: \w+)? (?:ever )?again\b|"
            rf"\b{_STOP} (?:calling|texting|emailing|all calls|ringing|phoning)(?:,? (?:me )?(?:and|or|&)? ?(?:texting|emailing|calling|writing|messaging|"
            r"emails|texts|letters|ringing))+\b|"
            r"\b(?:never|dont|do not) (?:ever )?(?:ring|call|text|write|email|phone|message|contact|mail)(?: me)?(?:(?:,? (?:or|and|nor)|,) (?:ring|call|text|write|email|phone|message|contact|mail))+\b|"
            r"\bno (?:more )?(?:calls|texts|emails),? (?:no )?(?:or )?(?:texts|emails|calls|letters)?,? ?(?:and |or |no )(?:emails|letters|calls|texts|contact)\b"
        ),
        unless=r"\b(?:instead|at work|my (?:job|boss|employer|mother|mom|mum|family|wife|husband|dad|sister|brother|work)|only (?:by|via|text|email)|"
        r"didnt (?:say|ask)|never (?:said|asked)|just (?:text|email|call)|prefer|before [0-9]|after [0-9])\b|"
        r"no further contact (?:details|number|from (?:him|her|them))|contacting (?:my|him|her)",
        yes=("do not contact me again", "CEASE AND DESIST", "stop contacting me", "stop calling and texting me",
             "I request that you cease all communication", "no further contact please", "never contact me again",
             "stop all calls, emails and letters", "dont contact me by any means"),
        no=("stop contacting me at work", "dont contact me by phone, email instead", "who do i contact",
            "stop contacting my mother", "please contact me", "i tried to contact you", "i never contacted you"),
    ),
    Rule(
        "leave-alone", "cease_contact",
        on="leav",
        pattern=r"\bleave (?:me|us|me and my \w+) (?:the (?:hell|fuck) )?(?:alone|be)\b",
        unless=r"\b(?:on my own|dont leave|never leave)\b",
        yes=("leave me alone", "just leave us be"),
        no=("i will leave work at five", "my wife left me alone with the kids"),
    ),
    Rule(
        "stop-sending", "opt_out",
        on="stop quit ceas disc end halt knoc stopp",
        pattern=(
            rf"\b{_STOP} (?:the |all |these |those |this |your |with (?:the|these) |w the |sending |sending me |sending us |any |me |more |damn |bloody |stupid |"
            rf"fucking |constantly |automated )*(?:{_SEND}|{_THINGS}|text\b)|"
            rf"\b{_STOP} (?:calling|ringing|phoning)(?: me| us| this number| my phone)?(?: please| now| thanks)?[.!]*$"
        ),
        unless=_ELSEWHERE + "|" + _NOT_ASKED + r"|\bhow (?:many|often)",
        yes=("stop texting me", "please stop these messages", "quit messaging me", "stop sending me texts",
             "Stop texting, I'll pay Friday", "stop w the texts already", "can you stop emailing me"),
        no=("stop texting me at work", "stop calling, text me instead", "stop calling my mother", "i didnt say stop texting",
            "stop texting so early", "stop emailing text instead", "you never stop adding fees"),
    ),
    Rule(
        "dont-send", "opt_out",
        on="dont do never no not donot if agai",
        pattern=(
            rf"\b{_DONT} (?:want|wanna|need|like|wish|care)(?: (?:to|for|you|u|get|getting|receive|receiving|have|be|sent|any|more|no|these|those|your|ur|the|such|of|damn|stupid))* "
            rf"{_THINGS}\b|\b{_DONT} send (?:(?:me|us|any|more|these|no|your|the|this number) )*{_THINGS}\b|"
            rf"\b{_DONT} {_VERB} (?:{_ME}|any ?more|again|ever)\b|\bnot to (?:receive|get|be sent) (?:any |more |any more )?{_THINGS}\b|"
            rf"\bno (?:more )?(?:of (?:these|the|your) |damn |fucking |bloody )*{_THINGS}(?: (?:please|thanks|thank you|to me|from you))*[.!]*$|"
            rf"\bno more (?:of (?:these|the|your) |damn |fucking |bloody )*{_THINGS}\b|"
            rf"\bif (?:you|u) (?:\w+ )?{_VERB} (?:{_ME} )?(?:again|once more|1 more time|any ?more)\b|\b{_VERB} {_ME} again and\b"
        ),
        unless=_ELSEWHERE + "|" + _NOT_ASKED + r"|\bdidnt|dont (?:want|need|send) (?:a |the |another )?(?:reminder|letter)\b|dont get|did not (?:get|receive)",
        yes=("pls dont text me anymore", "do not text this number", "no more texts", "i dont want these messages",
             "no longer wish to receive these messages", "dont send me any more emails", "No texts please",
             "i will sue you if you text again", "text me again and i call my lawyer"),
        no=("dont text me at night", "i dont get your texts", "dont call text me", "no message yet", "do not email me at work",
            "dont text call instead"),
    ),
    Rule(
        "remove-me", "opt_out",
        on="remo take dele get lose unsu opt opti optou bloc turn remov canc",
        pattern=(
            r"\bunsubscribe\b|\b(?:opt|opting|opted) ?-?(?:me |us )?out\b|\boptout\b|"
            r"\b(?:remove|delete|erase) (?:me|us|my (?:phone |cell |mobile |email |e-mail )?(?:number|address|details|info|name|email|phone|cell)|this (?:number|email|phone))\b|"
            r"\btake (?:me|us|my (?:name|number|email|phone|cell|details)|this number) (?:off|out)\b|\bget me off\b|"
            r"\blose my (?:number|details|email)\b|\b(?:cancel|turn off|switch off|end) (?:all |the |these |my |your |text |sms |email )*"
            r"(?:texts|messages|notifications|alerts|emails|reminders|text alerts|subscription)\b|\btake me off\b"
        ),
        unless=_NOT_ASKED + r"|\b(?:fees?|late charge|from (?:my|the) (?:account|loan|credit|plan|policy|lease|joint)|as (?:an )?authorized|opted out by|back on|opt back|"
        r"dont want to (?:opt|unsub)|off (?:my|the) (?:credit|account|plan|payment|debit)|off autopay|off direct|for (?:\w+ )?surgery|without|"
        r"instead|gym|netflix|my bank details|my card|my payment|payment reminders? are)\b",
        yes=("remove me from your list", "take me off your list", "please delete my number", "unsubscribe me", "opt me out",
             "i want to opt out", "cancel these texts", "lose my number", "get me off this list"),
        no=("remove the late fee", "remove this from my credit report", "accidentally opted out put me back on", "cancel my direct debit",
            "take it out of my account", "dont unsubscribe me", "take my name off the account", "cancel my subscription to netflix"),
    ),
    Rule(
        "plain-stop", "opt_out",
        on="stop stopp emoj",
        pattern=(
            r"^(?:(?:ok|okay|yes|yeah|no|please|just|hey|hi|hello|thanks|thank you|i said|i told you to|i already said|for the last time|again|omg|wtf|"
            r"can you|will you|would you|could you|you can|now|ffs|damn|text|reply|god|ugh|enough|not interested|im not interested|emojistop)[ ,.!:-]*)*"
            r"(?:stop|stop it|stop this|stop that|stop now|stop already|s\.t\.o\.p|stop them|stop all of this)"
            r"(?:[ ,.!:-]+(?:please|thanks|thank you|now|it|already|ok|this|asap|immediately|at once|right now|today|for good|forever|all|everything|"
            r"bye|god|sir|madam|emoji\w+|wrong (?:number|person)|i (?:said|mean it)|stop))*[ .!]*$"
        ),
        yes=("Stop. Thank you", "yes stop", "plz stop", "i said stop", "STOP!!! please", "stop it", "ok stop now"),
        no=("stop the interest", "how do i stop the payment", "stop?", "bus stop", "stop stopping my card"),
    ),
    Rule(
        "consent-revoked", "opt_out",
        on="revo with resc",
        pattern=r"\b(?:revoke|withdraw|rescind|revoking|withdrawing)\b.{0,30}\b(?:consent|permission|authori[sz]ation)\b",
        unless=r"\b(?:all contact|any (?:method|means)|direct debit|card|payment|bank|to debit|cpa|continuous)\b",
        yes=("I revoke my consent to texts", "withdraw my permission to text"),
        no=("i revoke my authorization for the direct debit",),
    ),
    Rule(
        "how-to-stop", "opt_out",
        on="how make",
        pattern=rf"\b(?:how (?:do|can|would) i|make (?:it|these|the|them)) (?:stop|get rid of|turn off|opt out|end)(?: (?:getting|receiving|these|the|those|all|your|of))* ?"
        rf"(?:{_THINGS})?[?. !]*$",
        unless=r"\b(?:interest|fees|payments?|debit|calls to)\b",
        yes=("how do i stop these texts", "how do i opt out", "make it stop", "how can i stop getting these messages"),
        no=("how do i stop the interest", "how do i stop the payment"),
    ),
    Rule(
        "wrong-number", "wrong_person",
        on="wron rong mist",
        pattern=r"\bwrong ?#|\bwrong (?:number|no|num|person|guy|girl|man|woman|lady|phone|email|e-mail|address|individual|party|contact|one|mr|mrs|dude|people|fella|bloke|human|recipient|customer)\b|"
        r"\bmistaken(?: me)? for (?:some|another)",
        unless=r"\bwrong (?:number|no) (?:of|on)|not (?:the|a) wrong (?:number|person)|isnt the wrong|billed the wrong|charged the wrong|gave (?:you )?the wrong|"
        r"(?:called|dialed|rang|sent (?:it )?to|paid) the wrong|wrong address on|wrong one",
        yes=("wrong number", "you have the wrong person", "Wrong guy!!", "wrong # pal"),
        no=("wrong number of payments", "i gave you the wrong number", "the hospital billed the wrong person", "wrong amount"),
    ),
    Rule(
        "not-here", "wrong_person",
        on="no nobo ther does used not isnt live move has this dont know neve who i",
        pattern=(
            r"\b(?:no ?(?:one|body)|nobody|theres no(?: one)?|there is no(?: one)?|there isnt an?y?) (?:here |at this (?:number|address) )?(?:is )?"
            r"(?:(?:by|with|of) (?:that|this|the) name|(?:here )?(?:called|named)(?! (?:me|us|back|or|you|to|from|about|when))|like that here|that name|with that name)\b|"
            r"\b(?:he|she|they|that person|this person|(?!i\b)[a-z]+) (?:doesnt|does not|no longer|dont) (?:live|work|stay|reside)s? (?:here|at this)|"
            r"\b(?:he|she|they|person)(?: does)?(?: not| nt|nt)? (?:no longer )?(?:ha(?:s|ve)|use|own)s? this (?:number|phone|email)(?: any ?more| now)?\b|"
            r"\b(?:he|she|they) (?:doesnt|does not|dont|no longer) (?:have|use|own)s? this (?:number|phone|email)|"
            r"\b(?:not|isnt) (?:his|her|their) (?:number|phone|email)(?: any ?more)?\b|"
            r"\bused to (?:have|be|own) (?:this|(?:his|her)) (?:number|phone)|\b(?:just|recently|only) got this (?:number|phone|sim)\b|"
            r"\bthis is (?:a |my )new (?:number|phone)|\b(?:new owner of|have had) this (?:number|phone)\b|"
            r"\b(?:dont|do not|doesnt) know (?:who (?:that|this|he|she) is|any(?:one|body) (?:called|named|by)|(?:this|that) (?:person|man|woman|guy|lady|name)|who (?:youre|you are) (?:looking|after|talking))|"
            r"\b(?:not|isnt|arent) (?:the|who|the one) (?:person|man|woman|one|who|customer)? ?(?:named|(?:you(?:re| are)? ?(?:looking|want|after|need|trying|think|seek))|im who)|"
            r"\bim not (?:who|the (?:person|guy|one)) you\b|\bmessages? (?:meant|intended|is) for (?:some|another|the wrong)|\b(?:meant|intended) for (?:some(?:one|body) else|another person)\b"
        ),
        unless=r"\b(?:who is this|who this is|i have a new number|this is my new (?:number|phone)[ .]*$|my new number)\b|know who (?:this|you) (?:is|are)$|i just got this (?:bill|letter|message|text)",
        yes=("no one by that name here", "there is no michael called that, nobody named michael", "she doesn't live here", "I don't know who that is",
             "i just got this number", "he doesnt have this number anymore", "this was meant for someone else", "im not who you think i am"),
        no=("i dont know who this is", "no one called me back", "i just got this bill", "this is my new number", "there is no money"),
        confidence=0.95,
    ),
    Rule(
        "not-named", "wrong_person",
        on="im not isnt aint my",
        pattern=r"^(?:sorry[ ,]+|um+ |hi[ ,]+|hey[ ,]+|no[ ,]+)*(?:(?:im|i am|this is|this aint|i aint|this isnt|its|im definitely|that is|thats) ?(?:not|isnt|aint)?) (?!not\b|isnt\b|aint\b|me\b|my\b|mine\b|the\b|a\b|an\b|"
        r"going\b|paying\b|able\b|sure\b|happy\b|interested\b|working\b|in\b|here\b|home\b|well\b|ready\b|at\b|on\b|doing\b|it\b|ok\b|what\b|how\b|right\b|fair\b|real\b|your?\b|our\b|"
        r"his\b|her\b|their\b|good\b|true\b|giving\b|getting\b|trying\b|that\b|so\b|to\b|very\b|too\b|all\b|possible\b|legal\b|acceptable\b|helpful\b|enough\b|funny\b|cool\b|"
        r"correct\b|stop\b|yet\b|for\b|from\b|about\b|with\b|because\b|really\b|quite\b|as\b|been\b|clicking\b|answering\b|talking\b|speaking\b|responsible\b|liable\b)"
        r"(?P<name>[a-z]{3,12})(?: (?!money|going|able|sure)[a-z]{3,14})?[.! ]*$",
        unless=r"^(?:(?:sorry|um+|hi|hey|no)[ ,]+)*(?:im|i am|this is|its|that is|thats|i|this|im definitely) (?!not|isnt|aint)|\b(?:[a-z]+ing|[a-z]+ed|[a-z]+ly|mine|broke|rich|well|sick|dumb|stupid|"
        r"free|late|due|able|great|here|safe|away|down|much|more|anymore|either|fault|problem|spam|scam|normal|easy|fine|nice|now|today|money|business|debt|bill|account|"
        r"possible|legal|acceptable|available|certain|convinced|comfortable|impressed|sorry|amused|afraid|aware|okay|pleased|employed|unemployed|stupid|joke|clear|long|best|time)\b",
        yes=("I'm not John", "this isn't Maria", "im not robert smith"),
        no=("im not paying", "this isnt fair", "im not sure", "its not mine", "im not working", "this isnt possible", "i'm not well"),
        confidence=0.93,
    ),
)  # fmt: skip
