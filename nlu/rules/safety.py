"""What concerns life, death and health. A miss costs more than a false alarm for self-harm."""

from nlu.rules.table import Rule

_FAMILY = (
    r"(?:mother|mom|mum|mam|father|dad|husband|wife|son|daughter|brother|sister|nan|nana|gran|grandma|grandmother|grandad|grandfather|grandpa|uncle|aunt|auntie|"
    r"partner|spouse|fiance|fiancee|boyfriend|girlfriend|parents?|cousin|nephew|niece|hubby|baby|child|dog|cat|mate|friend|roommate|stepdad|stepmom|in law|best friend)"
)
_CUSTOMER = (
    r"(?:he|she|they|who|customer|client|account ?holder|borrower|debtor|(?:the |this |that )?(?:person|man|woman|lady|gentleman|guy|individual)"
    r"(?: (?:you|u)(?:r|re| are| want| need)?(?: \w+){0,3})?|mr \w+|mrs \w+|ms \w+)"
)

SAFETY = (
    Rule(
        "kill-myself", "self_harm_risk",
        on="kill kms suic end endi die dead unal hang slit over jump harm hurt take took taki top cut cutt hung",
        pattern=(
            r"\bkill(?:ing|ed)? my ?self\b|\bkms\b|\bunalive\b|\bsuicid\w*|\b(?:end|ending|take|taking|took|ended) (?:it all|my (?:own )?life)\b|"
            r"\bend(?:ing)? my life\b|\b(?:hang|hurt|harm|cut|top|off|drown|shoot|poison)(?:ing|ting)? my ?self\b|\bself ?-?harm\w*|\bslit(?:ting)? my (?:wrist|throat)s?\b|"
            r"\b(?:want(?:ed)?|going|rather|ready|wish i could|plan(?:ning)?|prefer|deserve|hope i) ?(?:to |i )?(?:just )?die\b|\bjump(?:ing)? (?:off|in front)\b.{0,25}\b(?:bridge|roof|building|train|bus|cliff|balcony)|"
            r"\b(?:stepping|step|walk(?:ing)?) in front of a (?:train|bus|truck|lorry|car)|\btak(?:e|ing) an? overdose\b|\boverdos(?:e|ing) on\b|"
            r"\b(?:better off|be happier if i (?:was|were)|wish i (?:was|were)|if i (?:was|were)|when im|id be) dead\b|\bi wish i were dead\b|"
            r"\bmight as well (?:be dead|die)\b|\bjust let me die\b|\bi want to die\b|\bmy suicide\b|\bend(?:ing)? (?:it|things) (?:tonight|today|for good|now|once and for all)\b"
        ),
        unless=r"\b(?:committed suicide|died by suicide|suicide (?:last|two|three|in|on)|(?:his|her|their) (?:own )?(?:life|suicide)|took (?:his|her|their))\b|"
        r"\bend(?:ing)? (?:it all|things) (?:with (?:you|this company)|by paying)|unalive you|take it all|end it all by paying|pay\w* (?:it )?off",
        yes=("i want to kill myself", "im going to end it all", "I have been feeling suicidal", "might as well be dead", "i'd be better off dead",
             "going to slit my wrists", "thinking of taking my own life", "i just want to die"),
        no=("he committed suicide last year", "this is killing me", "my battery died", "i want to end the contract", "my dad took his own life",
            "my phone is dead", "you are killing my credit"),
    ),
    Rule(
        "no-way-on", "self_harm_risk",
        on="live livi life here wake around cant poin reas wort goin go disa exis aliv miss bett with",
        pattern=(
            r"\b(?:dont|do not|cant|no longer|not) (?:want|wanna|wish|care) ?(?:to )?(?:live|be here|be alive|exist|wake up|be around|carry on living|go on living|keep living)\b(?! (?:at|in|with|here|there|on))|"
            r"\b(?:no|any|see a|see the|a) (?:point|reason|purpose)(?: (?:to|in|of|for|left))* (?:liv(?:e|ing)|be(?:ing)? (?:here|alive)|carry(?:ing)? on living|going on|exist\w*|life)\b|"
            r"\b(?:nothing|not(?:hing)? much) (?:left )?to live for\b|\blife (?:isnt|is not|aint|not) worth\b|\b(?:give|giving|given) up on life\b|\btired of (?:living|being alive|life)\b|"
            r"\bcant (?:go on|carry on|do this) (?:any ?more |any longer )?(?:living|with (?:my )?life|like this any ?more)\b|"
            r"\bi (?:just |really )?(?:cant|can not) (?:go|carry) on(?: any ?more| any longer| like this)?\b(?! (?:with|pay|hold|the|a |line|your|my|this|it|there|to|vacation|holiday))|"
            r"\b(?:hope|wish) i (?:dont|never|didnt|wouldnt|wont) wake up\b|\b(?:wont|not going to|will not) be (?:around|here|alive) (?:much longer|to|for much|when|tomorrow)\b|"
            r"\b(?:everyone|every ?body|they|family|kids|world|you) (?:would|will|wud|is|are)?(?: all)? ?(?:be )?better (?:off )?without me\b|\bno ?(?:one|body) would (?:miss|care if)\b|"
            r"\bwant (?:it|everything|it all) to (?:end|be over|stop)\b.{0,20}\b(?:life|pain|living|all)|\bjust want (?:it all|everything) to (?:end|be over)\b|\bdisappear (?:for good|forever)\b|\bend (?:it|things) all\b"
        ),
        unless=r"\bdont want to live (?:at|in|with)|go on (?:holiday|vacation|the)",
        yes=("i dont want to live anymore", "there's no point living", "nothing left to live for", "everyone would be better off without me",
             "i cant go on", "I hope I don't wake up tomorrow", "i dont want to be here anymore"),
        no=("i dont live here", "i dont want to live with my ex", "i cant go on your website", "whats the point of calling"),
    ),
    Rule(
        "deceased", "deceased",
        on="dece dead died pass late dies buri fune widow exec prob esta kill rip lost gone",
        pattern=(
            rf"\bdeceased\b|\b{_CUSTOMER} (?:has |have |is |are |was |had |just |sadly |unfortunately |actually |already |recently |unexpectedly )*(?:died|dead|passed(?: away| on)?|been dead|killed|no longer alive|no longer living|no longer with us)\b|"
            rf"\b(?:my|our|his|her) (?:late |dear |poor |own |beloved |elderly |step ?)*{_FAMILY}(?: (?!if\b|in case\b)[a-z]+){{0,4}} (?:died|is dead|has died|passed (?:away|on)|is deceased|has passed(?: away)?|just passed|passed(?= (?:in|on|last|this|two|three|yesterday|a )))\b|"
            rf"\b(?:my|our) late (?:{_FAMILY}|husbands|wifes|fathers|mothers|dads|mums|moms)|\b(?:executor|executrix|administrator) (?:of|for|to)\b|\b(?:her|his|the) estate\b|\bdeath certificate\b|\bprobate\b|"
            r"\b(?:died|passed away|passed on|dead|deceased)[.! ]*$|\b(?:this|im|i am) (?:is )?(?:his|her|the) widow(?:er)?\b|\byour customer (?:has )?(?:died|passed)|\bno longer with us\b|\bwe (?:just )?lost (?:him|her)\b|"
            rf"\blost (?:my|our) (?:\w+ )?{_FAMILY}\b.{{0,40}}\b(?:his|her|this was|the account|your customer)\b|"
            r""
            r"\b(?:contacting|texting|calling|messaging|looking for|emailing|chasing) (?:a |the )?dead (?:person|man|woman)|\b[a-z]+ (?:died|passed away) (?:last|in|on|two|three|[0-9]|a |yesterday|this|over|back)"
        ),
        unless=(
            r"\b(?:car|phone|battery|laptop|dog|cat|truck|van|boiler|fridge|computer|cell|tv|washing machine|engine|pet|link|website|line|internet|connection|puppy|horse|deal|hamster|fish|rabbit|cow) "
            r"(?:has |just |is |was |have |had |finally )*(?:died|dead|passed)|\b(?:near|nearly|almost) (?:dead|died)|i (?:almost |nearly |could have )?died|if i (?:was|were)|im dead|i (?:was|will be|ll be|am) dead|drop dead|over my dead|"
            r"better off dead|be dead|want(?:ed)? (?:me|you) dead|dead ?(?:end|line|beat|broke|serious|wrong|tired)|wish (?:you|i|they)|hope (?:you|they|he|she)|passed (?:the|my|his|it|this|on (?:my|the|your|this|to)|out|by|due)|"
            r"my (?:real )?estate|real estate|estate (?:agent|car)|not coping|cant (?:cope|think|deal)|until i(?:m)? d|when im dead|left for dead|dead to me"
        ),
        yes=("he died last month", "my mother passed away", "She is deceased", "sorry but my dad has died", "im the executor of his estate",
             "you are texting a dead person", "passed away", "my late husband's account"),
        no=("my phone died", "my car died so i cant pay", "im dead broke", "drop dead", "i passed on the details to my bank", "my dog died",
            "the deadline passed", "my late payment", "i wish i was dead"),
    ),
    Rule(
        "grief-own", "vulnerability",
        on="lost bere grie buri fune miscarr died pass",
        pattern=(
            rf"\bi (?:just |recently )?lost my (?:\w+ )?{_FAMILY}\b|\bwe (?:just |recently )?lost (?:our|my|the) (?:\w+ )?(?:{_FAMILY}|babies)\b|\bbereave\w*|\bgrieving\b|\bin mourning\b|\bmiscarriage\b|\bstillb\w+|"
            rf"\bjust (?:buried|cremated) (?:my|our)\b|\b(?:my|our) (?:\w+ )?{_FAMILY} (?:just |recently )?(?:died|passed away|passed|has died)\b.{{0,60}}\b(?:cant (?:cope|think|deal|function|stop|face|get)|coping|cope|struggl|hard time|not (?:myself|well|coping)|funeral|grie|think|deal with this|in a bad)"
        ),
        unless=r"\b(?:job|lost my (?:wifes|husbands|sons|dads|moms|mums))\b|\b(?:dog|cat) food",
        yes=("i just lost my husband", "we have had a bereavement", "my wife just died and im not coping"),
        no=("i lost my job", "my father died, he cant pay you"),
        confidence=0.93,
    ),
    Rule(
        "illness", "vulnerability",
        on="canc chem hosp depr anxi ment bipo schi ptsd stro deme alzh dial reha addi pris jail disa dome abus term icu inte psyc wheel surge blin deaf auti illn diag panic carer prob sick seiz kidn heart brea adhd lear vuln tumo tumor leuk epil opera preg hospi refu sect inca detox abusi beat ms lupus parki nerv suff crit",
        pattern=(
            r"\b(?:have|has|having|had|got|with|suffer\w*|diagnosed|battling|fighting|beat(?:ing)?|treat\w*|stage [1-4]|terminal|for|recovering from|survived|my|from|of|severe|bad|of my|and|live with|by) (?:\w+ ){0,2}(?:cancer|chemo\w*|leuk[ae]?emia|tumou?rs?|"
            r"depression|anxiety|bipolar|schizo\w+|ptsd|dementia|alzheimers?|parkinsons?|dialysis|epilepsy|multiple sclerosis|lupus|a stroke|heart (?:attack|failure|condition|disease|problems)|kidney (?:failure|disease)|panic attacks?|seizures?|"
            r"a breakdown|nervous breakdown|mental (?:health|illness|breakdown)|learning (?:disabilit\w+|difficult\w+)|autism|adhd|a disability|disabilities|brain injury|long covid|copd|addiction|a terminal|psychosis|ocd)\b|"
            r"\b(?:depression|bipolar|ptsd|dementia|schizophrenia|chemotherapy|alzheimers|dialysis|postnatal|psychiatric|terminally ill|terminal illness|mental health|mental illness|panic attacks?)\b|"
            r"\b(?:in|into|at|out of|from) (?:the |a |an )?(?:hospital|hospice|icu|intensive care|psych ward|mental hospital|rehab|detox|prison|jail|womens shelter|refuge|psychiatric \w+|coma|wheelchair)\b|\b(?:im|i am|hes|shes|is|am|been|registered|severely|was) (?:\w+ )?(?:disabled|incarcerated|"
            r"hospitali[sz]ed|sectioned|blind|deaf|autistic|bipolar|bedridden|housebound|clinically depressed|suffering from|in prison|in jail|vulnerable|depressed|an (?:alcoholic|addict)|terminally ill|seriously ill|critically ill|very (?:ill|sick|unwell))\b|"
            r"\bdomestic (?:abuse|violence)\b|\b(?:abusive|violent|controlling) (?:ex|husband|partner|relationship|marriage|boyfriend|wife|home)\b|\b(?:ex|husband|partner|boyfriend|he|wife) (?:is |was |has been )?(?:abusive|beats? me|beating me|hitting me|hits me)\b|"
            r"\b(?:cancer|chemo) (?:treatment|patient|diagnosis)|\bfull ?time care?r\b|\bcarer for my\b|\b(?:gambling|drug|alcohol) (?:addiction|problem|addict)|\bhad (?:\w+ ){0,2}(?:surgery|an operation|operation)\b|\b(?:cant|cannot|unable to) read\b(?: very| well| or write|$)|\bsigned off (?:sick|work)\b|\bvulnerable (?:person|adult|customer)\b"
        ),
        unless=r"\bthis (?:is|company|text) (?:gives|cancer)|are you (?:blind|deaf|disabled|mental)|hospital (?:bill|charge|account|debt|invoice)|\bfrom (?:the|a|an) hospital\b(?! yet)|at the hospital in|disabled (?:my|the) (?:card|account)|go to (?:jail|prison)|"
        r"(?:put|send|throw|threat\w+).{0,20}(?:jail|prison)|\byou\b.{0,30}(?:jail|prison)|kidding|mental (?:company|people)|you (?:are|re|lot are) (?:mental|sick)|work (?:at|in) (?:a |the )?(?:hospital|prison)",
        yes=("i have cancer", "im in the hospital", "I suffer from depression", "just had surgery", "my ex is abusive", "I have severe anxiety", "he's in prison",
             "i am disabled", "my son is in intensive care"),
        no=("the hospital bill is wrong", "are you blind", "you people should be in jail", "i work at the hospital", "cancel my payment"),
        confidence=0.94,
    ),
)  # fmt: skip
