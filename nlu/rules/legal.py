"""Insolvency, representation, fraud by others, and disputes of the debt."""

from nlu.rules.table import Rule

LEGAL = (
    Rule(
        "bankruptcy", "bankruptcy",
        on="bank iva chap dro debt inso disc trust auto sequ bk ch indi peti",
        pattern=(
            r"\bbankrupt(?:cy|cies)?\b|\bin(?:to)? an? (?:iva|dro)\b|\b(?:iva|dro)s? (?:approved|accepted|in place|was|is|has|with|provider|company|by|last|since|ref|number|covers)|\b(?:my|the|an|approved|have|our|set up|under) (?:iva|dro)\b|"
            r"\b(?:chapter|ch|chap)\.? ?(?:7|13|11|seven|thirteen)\b|\bdebt relief order\b|\bindividual voluntary arrangement\b|\b(?:protected )?trust deed\b|\binsolven(?:t|cy)\b|\bsequestrat\w+|"
            r"\bdischarged? (?:in|by|through|from|under) (?:\w+ )?(?:court|bankruptcy|chapter|judge)|\bautomatic stay\b|\bofficial receiver\b|\bfiled bk\b|\bminimal asset\b"
        ),
        unless=r"\b(?:bankrupting|go bankrupt (?:i|if)|wont go bankrupt|not (?:bankrupt|filing|going bankrupt)|bankrupt (?:me|us|you)|you(?:ll| will)? (?:go|bankrupt)|without (?:going|filing)|avoid(?:ing)?|dont want to|never (?:filed|been)|"
        r"your (?:company|business)|chapter 7 of|morally|instead of (?:going|filing))\b",
        yes=("i filed bankruptcy", "im in an IVA", "this was in my chapter 7", "on a debt relief order", "I've been declared bankrupt", "my trust deed covers this"),
        no=("this will bankrupt me", "i'm not bankrupt", "i want to avoid bankruptcy", "my bank", "morally bankrupt company"),
    ),
    Rule(
        "represented", "attorney_represented",
        on="atto lawy soli coun repr lega brea debt step payp citi powe dmp paral barr law advi nati chri",
        pattern=(
            r"\b(?:have|got|hired|retained|through|contact|call|talk to|talk with|speak to|speak with|ask|using|with|by|direct\w* (?:\w+ ){0,6}to|refer\w* (?:\w+ ){0,4}to|my|our|the|email|a|consult\w* (?:with )?)"
            r" (?:\w+ ){0,2}(?:attorneys?|lawyers?|solicitors?|legal (?:counsel|representati(?:ve|on)|team|aid)|barrister)\b|\b(?:attorneys?|lawyers?|solicitors?) (?:has|is|will|said|told|says|sent|handles?|handling|are|have|advised|deals|dealing|name)\b|"
            r"\brepresented by\b|\b(?:my|through|by|legal) counsel\b|\bletter of representation\b|\bbreathing space\b|\bdebt (?:management|relief(?! order)|settlement|counsel\w+|advice|adviser|advisor|consolidation) (?:compan\w+|plan|program\w*|agency|charity|firm|people|service|has|is|told|are|applied|said|and)?|"
            r"\b(?:stepchange|step change|payplan|citizens advice|national debt ?line|christians against poverty|freedom debt|national debt relief|money advice|credit counsel\w+)\b|\bpower of attorney\b|\b(?:on|in|have|through|with|my|a) (?:a |my )?dmp\b|\blaw (?:office|firm)\b"
        ),
        unless=(
            r"\battorney general|\b(?:i will|ill|going to|gonna|might|may|should|i could|want to|have to|need to|must i|do i need|should i|thinking (?:of|about)) (?:\w+ )?(?:get|hire|see|consult|sue|find|be (?:getting|calling|hiring)|call|speak|talk|contact(?:ing)?)"
            r"(?: \w+){0,3} (?:lawyer|attorney|solicitor|legal)|\b(?:no|cant afford an?|dont have an?|not an?|without an?|wish i had an?) (?:attorney|lawyer|solicitor)|\b(?:not|isnt) (?:handling|my)|your (?:attorney|lawyer|solicitor|legal)|"
            r"some breathing space|a bit of breathing space|breathing space (?:on the date|to get)|are you (?:a|an|the)? ?(?:law|attorney|lawyer|solicitor)|paid (?:my|the) (?:lawyer|attorney|solicitor)|works? (?:at|for) a law|talk to you, not|offer debt"
        ),
        yes=("talk to my lawyer", "i have an attorney", "my solicitor is dealing with this", "I'm in breathing space", "stepchange are handling my debts",
             "im on a debt management plan", "all contact through my attorney please"),
        no=("i will report you to the attorney general", "i might have to get a lawyer", "i can't afford a lawyer", "have your lawyer call me", "give me some breathing space until friday"),
    ),
    Rule(
        "identity-theft", "identity_theft",
        on="iden frau stol stole steal forg impe used usin hack imperson scam opene took id some clone",
        pattern=(
            r"\b(?:identity|id) (?:theft|fraud|thief|was stolen|stolen|got stolen|thieves)|\b(?:stole|stolen|stealing|steal|theft of|used|using) my (?:identity|id|social|ssn|info(?:rmation)?|details|name|data|personal)\b|\bmy (?:identity|id|ssn|social|data|info(?:rmation)?|details|license|wallet|purse|card)(?: \w+){0,2} (?:was|were|got|been|is) (?:\w+ )?(?:stolen|hacked|leaked|compromised|cloned)|"
            r"\b(?:victim of|reported|report|this is|its|was|is|due to|been|because of|as|account is|about|a) (?:an? |the |it as |this as |(?:\w+ )?(?:account )?)?(?:identity )?fraud\b(?! alert (?:text|line))|\bfraudulent(?:ly)? (?:account|charges?|opened|loan|purchase|transaction|use|taken|activity|application)|\bopened fraudulently\b|"
            r"\b(?:some ?(?:one|body)|my (?:ex|sister|brother|mom|mother|mum|dad|father|roommate|cousin|son|daughter|husband|wife|flatmate|uncle|aunt|family)|a (?:thief|fraudster|scammer|criminal|family member)|they|he|she|who ?ever)(?: \w+){0,3} (?:opened|took out|used|forged|signed|got|applied|made|set up|bought|put)\b.{0,40}"
            r"\b(?:in my name|my name|my (?:details|identity|ssn|social|info|information|card|signature|bank details|id|credit|data)|without (?:my|me)|pretending)|\bforged my\b|\bimpersonat\w+|\bin my name without\b|\baction fraud\b|\bcifas\b|\bsomebody elses? (?:account|used)|\bfraudster\b|\bwithout my knowledge or consent\b"
        ),
        unless=r"\b(?:is (?:this|it) (?:a |an )?(?:fraud|scam)|you(?:re| are)? (?:a |an |all )?(?:fraud|scam|committing|guilty)|how do i know|this (?:text|message|email|number|company) (?:is|looks|seems)|sounds like|looks like|not (?:a |an )?fraud|"
        r"(?:you|your company|these people)(?: \w+)? (?:stole|stealing|used)|my (?:wife|husband|mom|dad|son|daughter|mother|father) used my card to pay|used my card to pay|with my permission|in case of fraud|are you (?:a )?fraud)",
        yes=("someone stole my identity", "this is identity theft", "I'm a victim of fraud", "somebody used my name to open this", "my ex opened this card in my name",
             "that account is fraudulent, fraudulent account", "it was opened fraudulently"),
        no=("is this fraud", "you are a fraud", "how do i know this is not fraud", "this text looks like fraud", "my wife used my card to pay you"),
        confidence=0.95,
    ),
    Rule(
        "not-my-debt", "dispute",
        on="disp not isnt aint dont do neve reco cont wron inco",
        pattern=(
            r"\b(?:disput(?:e|es|ed|ing)|contest(?:ing)?) (?:this|the|that|it|your|all|my|these|any|a|every|owing|ever|with)?\b|\bdisputed?\b[.! ]*$|\b(?:not|isnt|aint|never was|wasnt|arent) (?:even )?my (?:debt|bill|account|loan|card|charge|responsibility|balance)|"
            r"\b(?:debt|bill|account|loan|balance|this|it|that|its|thats)(?: is| was|s)? ?(?:not|isnt|aint|wasnt|never) (?:even )?mine\b|\bnot mine\b|\bdont belong to me\b|\bdoesnt belong to me\b|"
            r"\b(?:dont|do not|didnt|never) (?:even )?(?:owe|owed) (?:you |u |this|that|it|any(?:thing|body|one)?|them|a |the |nothing|money|shit|no)|\b(?:dont|do not|doesnt) (?:recogni[sz]e|recall|remember) (?:this|that|the|any|having|ever|it|your|opening|a)|"
            r"\b(?:never|didnt|did not) (?:even |ever )?(?:had|have|opened|open|took out|take out|applied|apply|signed|sign|ordered|order|authori[sz]ed?|agreed|agree|got|used|use) (?:up |for |out |to |an? |any |this |that |with |it\b|the |your )"
            r"(?:\w+ ){0,3}(?:account|loan|card|credit|contract|bill|debt|service|charge|this|payment|debit|agreement|for|pay\w*|it|anything)?\b|"
            r"\b(?:amount|balance|figure|total|sum) (?:is|was|youre asking|you have|isnt|is not|looks|seems|on here is)? ?(?:all |completely |totally |just )?(?:wrong|incorrect|not right|not correct|inaccurate|off|inflated)|\b(?:wrong|incorrect) (?:amount|balance|bill)\b|\bstatute(?: of limitations| barred)\b|\bstatute-barred\b"
        ),
        unless=r"\b(?:never agreed to (?:opt|stop|pay on)|not disputing|dont dispute|do not dispute|dont remember (?:my|the) (?:password|login|pin)|dont recogni[sz]e (?:this|the|your) (?:number|sender|company|email|phone)|never (?:got|had) (?:a |the |any |your |this )?(?:link|text|letter|call|message|email|problem|issue|money|chance|reply|job)|"
        r"didnt (?:get|have|open|use) (?:the |a |any |your |this |that )*(?:link|text|letter|call|message|email|money|time|chance|reply|it|app|website)|didnt sign (?:up )?(?:for|to) (?:get |these |receive )?(?:texts|messages)|dont owe (?:you |u )?an? (?:explanation|answer)|paid (?:it|this|them|in full|you)|already paid|i paid|was paid)\b",
        yes=("i dispute this debt", "this is not my debt", "I don't owe you anything", "the amount is wrong", "not mine", "i never signed up for this", "I do not recognise this charge"),
        no=("i dont dispute it i just have no money", "i dont recognise this number", "didnt get the link", "i dont owe it i already paid", "i dont remember my password"),
        confidence=0.94,
    ),
)  # fmt: skip
