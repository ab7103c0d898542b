"""A debt that is denied, and a debt that is to be proved."""

from nlu.rules.table import Rule

DEBT = (
    Rule(
        "not-owed", "dispute",
        says="""
            dispute|disputing|contest|contesting|query|querying this|the|that|it|your|all|these|any|every|owing|validity|amount|charge|debt|balance|account|in|formally|whole|invoice|bill|sum|with
            formally|hereby|wish_to|want_to|like_to|going_to|am|i dispute|contest|disputing
            < disputed >
            not|never was_never|is|even|was|really~ my|our debt|bill|account|loan|card|charge|responsibility|balance|purchase|order|usage|contract|signature|meter|property|car|charges|debts|problem !name|number|anymore_i_closed
            debt|bill|account|loan|balance|charge|card|this|it|that is|was not|never even? mine|my_debt|ours $|and|so|i|at_all|its|never
            < not mine >
            this|that|debt|bill|it is not mine
            belongs to my ex
            DO_NOT|not|never even|really|actually? OWE you|u|this|that|it|any|anything|anyone|them|a|the|nothing|money|shit|no|all|nowt|half|as_much|yall|nobody|one|these !an_explanation|an_answer|for_a|but
            owe you nothing|zero|nada|zilch|jack|shit
            owe nothing to
            i have no debts|debt
            DO_NOT recognise|recall|remember this|that|the|any|having|ever|it|your|opening|a|these charge|charges|transaction|payment|debit|purchase|debt|account|bill|order|balance|amount|$|opening|having|ordering|buying|loan|card
            never|not ever|even|once~ had|have|opened|took|take|applied|signed|ordered|bought|purchased|used|held a|an|any|this|that|it|for|up|out|no|with|the|your|one|from~ account|loan|card|credit|contract|debt|service|sofa|phone|gym|subscription|policy|product|item|goods|catalogue|membership !app|email|link|letter|problem|issue|and_now
            never|not signed up|anything|for|a|that|this|the !for_texts|to_get|for_these|to_receive
            never|not had|have|held an|a account|loan|card|contract with|from|at|for
            never ordered|bought|purchased|agreed_to_that|agreed_to_pay|authorised|authorised_that
            not authorise|authorised|agree_to|order|buy|sign this|that|the|any|a|it payment|debit|charge|transaction|that|thing|$
            never been a? customer
            was never a customer|guarantor|supplied
            unauthorised payment|charge|transaction|debit|withdrawal|card
            did not make|authorise|recognise that|this|the|these|any payment|transaction|purchase|payments
            amount|balance|figure|figures|total|sum|bill|charge|charges|reading|numbers|maths|math|invoice|price|statement is|are|was|you_have|has_been|seems|looks|youre_quoting|you_quote|on_here_is|all|way|well|completely|totally|just|quite|now|clearly~ wrong|incorrect|not_right|not_correct|inaccurate|off|inflated|mistaken|not_accurate|too_high|too_much|false !because_i|$_x
            wrong|incorrect amount|balance|bill|figure|total|tariff|reading|meter|charge|price|charges|flat|house|property !of_money|to_pay
            figures|numbers|sums|sum|math|maths do|does not add
            not that|the amount|sum we|i|agreed|owe
            charged|billed|charging|billing|debited|paying|took me|us|my_card|for|it~ twice|double|too_much|wrongly|incorrectly|in_error
            double|over billed|charged|billing|charge
            overcharged|overcharging|overbilled|double_charged|double_billed|misbilled|missold|mis_sold|backbilling|back_billing
            charged|billed|billing|charging|chasing me|us ... returned|cancelled|canceled|never_got|never_received|sent_back|didnt_order|never_used|didnt_use|never_ordered
            returned|sent|took the|it|them|this|that|those|everything|item|router|modem|sofa|couch|boots|goods|equipment|box|back~ so|and ... owe|billing|billed|charge|charged|chasing
            i returned|sent the|that|it|them ... back|months|in|so
            cancelled|canceled|cancel that|the|my|this|it|before|inside|within|in|your|and|at contract|service|subscription|membership|policy|order|trial|on|14|cooling|account ... still|billed|charged|charge|bill|owe|so|why
            statute barred|of_limitations
            past the|your statute
            too old to|$
            time barred
            refuse to pay|accept something|a|this_charge|for_something|the_charge
            not paying for something|it_its_not|something
            not liable
            not personally liable
            item|goods|product|service|parcel|sofa|handset|package|order never came|arrived|delivered|provided|turned|worked|received|showed
            never received|got|delivered|arrived the|my|a|any goods|item|product|service|parcel|handset|order|items
            was never provided|delivered|supplied|installed
            already included in
            that is a mistake
            was my ex|exs|landlords|husbands
            ex|landlord|roommate debt not mine
            that debit|charge|payment ... not recognise|authorise
            took|taken money from|out .. without
            listed|payment in error
            never lived at|in that|this|there|the
            never heard of this|that debt|account|bill
            do not|never believe|think i owe
            you owe me
            insurance should|was|were|is supposed|have|covered|meant|paid ... cover|paid|covered|that|this
            disputed with
            overturned on
            dispute resolution
            not agree|accept with|the|this|that|your amount|balance|charge|bill|debt|figure|sum|price
            amount|balance|figure|bill|total is|are|was .. not right|correct|accurate|what_i
            i am|was in credit
        """,
        unless="""
            not|isnt|no|never|nothing|aint disputing|dispute|contesting|querying|saying|denying|arguing !that|this|owe
            do|did|am|will not dispute|contest|argue|deny|disagree|mind
            how do|can i dispute
            recognise|recognize this|the|your number|sender|company|email|phone|text|message
            remember my|the password|login|pin|date|details|account_number|number
            already|i|was|been|have|all|just|it|ive|fully|has_been paid|pay|settled|cleared|payed
            paid it|this|them|in_full|off|you|that|yesterday|last
            paid ... never|dont|not
            not owe ... any_more|paid|anymore
            an explanation|answer
            is_this|is_it wrong
            wrong number|person|address|email|page|card|link|account_number_in|website|bank|button
            put|entered|typed|gave|sent the? wrong
            identity|fraud|stole|stolen|used_my|in_my_name
            did not|never get|got|receive|have link|text|call|letter|email|message|link|chance|time|money
            not sure|certain
            if there|the|it|this|i|you
            hope|wish|pray
            friend|brother|sister|mum|mom|he|she|they owes|owe
            never had|have a|any|the|this|so problem|issue|chance|money|trouble|much|job
            not agree with ... plan|terms|date
            never signed|agreed ... text|texts|messages|emails
            not my number|name|phone|fault|job|problem_if|day
            would_i|do_i|how_much|what|when|who|which|how ... owe
            did not agree to_x
            opt|texts
            not mean
            not the right time
            feeling|feel not right
            off until|till|work|sick|to
            charge off
            before i dispute
            not going_to dispute
            pineapple|pizza
            forged
            probate
            this phone
            in the box|app
            house $
            phone $
            is this debt
            which|what ... date|hospital|who ?
            can you give|tell
            roberta
            agree to that|it
            said that is
            clearscore|wallet
            remember it . which|can
            opened four|lines
            sandwich|cashpoint|pint|party|umpire|neighbour|claim_mis|reply_yes
            same initials
            his mama|mum|mother
            load not
            wrong house
            umpire
            the tractor
        """,
        nowhere="""
            not|isnt|no disputing|dispute
        """,
        confidence=0.95,
    ),
    Rule(
        "disputed", "dispute",
        says="""
            am|i|formally|hereby|we|im dispute|disputing|contest|contesting this|the|every|all|any|that|your|it|these|every_cent
            want|wish|like|writing to dispute|contest this|the|that|it|these|a|an|your
        """,
        unless="""
            not|never|isnt|wont|cant|no ... dispute|disputing|contest|contesting
            before|if|how|can i ... dispute|contest
            call|umpire|referee|pizza|that_pineapple
        """,
    ),
    Rule(
        "prove-it", "debt_validation",
        says="""
            validate|verify|validation|verification of|this|the|that|my|your|alleged|all|debt|for|letter|notice|please|or|request|$|or_delete|account|first|in
            request|requesting|require|want|need|provide|send|with|full|written|demand validation|verification
            prove i|that|this|it|the|its|me|owe|u|what|to|debt
            < prove
            prove it
            proof of|please|that|i|first|before|or|from|is|$ debt|owe|this|it|ownership|purchase|assignment|please|first|owed|liability|$
            send|show|want|need|provide|see|got|have|give|require|demand|mail|email|like|any|where_is|your|some|of|me|us|the|written~ proof !of_payment|i_paid|of_income|of_address|that_i_paid|for_you|of_my
            no proof no
            documentary|written proof|evidence
            alleged debt|balance|account
            original creditor|lender|creditors|agreement|contract|account|bill|loan|documents|invoice|company|paperwork
            credit agreement
            signed agreement|contract|copy|loan|application|docs
            copy of|the the|a|my|your|original|signed|credit|true~ agreement|contract|bill|invoice|statement|application|judgment|judgement|lease|note|paperwork|liability|order|assignment
            show|see|send|provide|view|want|need|get me|us|a|the|to|it|an|your|any|some|original|over|copy|of|my|through|all|full|signed|see|have|fax|email|mail|original~ contract|agreement|paperwork|papers|documents|documentation|evidence|paper|receipts|docs|itemised|itemized|invoices|ledger|workings|statements !of_payment|for_my|for_the_payment|i_paid
            show me that i|what i|how|where
            itemised|itemized bill|statement|list|breakdown|invoice|copy|it|account|one|version|$
            itemize|itemise it|the|this|everything|them
            chain of title
            who|whom|what_company|which_company|what_agency|whose are|is|do|did you|u|ya|this|behalf|yall collecting|work|working|representing|represent|acting|employed|calling_for|hired_by|contacting !hard
            who do|does you|u|yall|ya work|collect for
            whose behalf
            on behalf of who|whom
            who is|was|are the|my|this|it|that creditor|lender|debt_with|debt_from|original
            who is|was this|it|the|debt|that with|from|for|through|owed originally|$|?
            who employs you
            who do i owe
            who did you|i buy|get|owe|bought
            did you buy|purchase this|the|my|it
            do you own this|the debt
            do_you_take orders from
            take your orders
            what am i being|meant|supposed ... charged|paying|pay|billed
            how do|can i|we know i|this|its|that|it owe|mine|is|really
            how|what did|do|makes you|up|u come|get|work|arrive|calculate|figure|reach|this ... figure|amount|total|number|balance|sum
            1692g
            consumer credit act
            section|s 77
            cca request
            subject access request
            < sar
            under the? fdcpa ... validate|verify|verification|validation|proof
            in black and white
            something|anything|it|this|that|details in|with writing|my_signature|my_signiture|my_name_on
            something with my signature
            source documents
            on what basis
            legal standing
            authority|authorised|licensed|license|licence to collect
            what is your license|licence|nmls
            license number|no|for_the_state
            date of service|last_payment|first_delinquency|default
            when was this|it|account|the_account|that opened|open|from|taken
            what address|dates|date was|do|did|is|does the|this|you|account|are|it~ opened|registered|account|have_on|service|cover|billing
            send|mail|post|email me|us|the|a|letter|bill|details|paperwork|something ... in_the_mail|by_post|before_i|of_the_debt|of_this_debt|details
            no|without paperwork|documents|signature no|i
            is there|got any|a documentation|paperwork|ccj|proof|evidence
            any|got_any|got_some|what paperwork|evidence|proof|documents|documentation
            where|where_is the? evidence|proof|paperwork|contract|agreement|documents|docs
            before i pay|do|send ... proof|see|know|documentation|need|evidence|show
            cpt codes
            tell me who hired
            < validate|verify|validation|proof|receipts|evidence|documents|paperwork|itemize|breakdown please|first|me|now|$|of
            what is|was this|that|the|it debt|bill|charge|balance for|about|from
            what|which account|loan|debt|card|hospital|doctor|store|property|catalogue|visit|credit_card|bill is|was this|it|that $|?|for|from|with|regarding|about|through
            what|which company is|was this|it|the debt|bill|account for|from|with
            where did|does|is this|that|the debt|figure|amount|bill|balance|charge come|coming|from
            itemised|itemized|full|need|want|send|provide|complete|give_me a|the|me~ breakdown !now|lane
            breakdown of|showing how|the_amount|principal|interest
            who sold|bought|owns|hired|employs you|my|this|it|the|me debt|account|$|?|to
            who sold you
            who hired|employs you
            how do i know i|its owe|mine
            how did you get|acquire this|my account|debt
            want|need|send|have|like|get|got|send_me|something something|anything|details|proof|this|validation in writing
            see|show|with|has|have something_with|my signature
            deed|notice|letter of assignment
        """,
        unless="""
            proof|receipt|evidence|confirmation|copy of|that|i my? payment|paid|income|address|pay|purchase|i|insurance|identity
            i|we have|got|can|will|already|sent|send|am|ll|attached|attach|attaching|enclose|enclosing .. proof|receipt|receipts|documents|evidence|papers|copy|contract|screenshot|documentation
            my proof|receipt|receipts|evidence|paperwork|proof_of|documents
            need|want proof|confirmation ... paid|payment|clear|cleared|sent
            prove i|it paid|to_you|them|him|already|was|did_not|am_not
            can prove
            verify your|my|you|the payment|email|identity|address|details|are|number|phone|payment
            how do i know|this you|this|its|it real|legit|is_not|isnt|not|you|scam
            what is this|it about|for link|text|number|code|app|message
            send me|the a|the link|card|details|account_number
            breakdown ... mental|nervous|car|van|had|service|truck|recovery|cover|nearly
            nervous|mental|a|had breakdown|break_down_on
            car|van|truck|boiler|washing|bus .. broke|break|breakdown
            plan|payment_plan in writing
            settlement|offer|agreed|confirm|confirmation|it_all|that|deal|letter in writing
            verification code
            break it down into|over|to|a_bit
            what can|do i
            who is this
            payment|plan|settlement agreement
            agreement to pay|with_you|we_made|last
            identity|fraud|police|death
            receipt|receipts for|of|from|now
            as agreed
            what is this song|show|for_x
            what time|day
            what|which bank|card|account do|should|can|will i|you
            wrong ...
            who do i talk|speak|call|contact|owe_an|pay|make|owe_the
            license plate|renewal
            driving|drivers
            date of payment
            wifi
            verify receipt
            do_not|no|not_need|without need? no? proof
            prove you|your
            broke|forged|forgery|forge
            thanks|thank_you for ...
            offer|compromise
            i paid|pay the original
            my lawyer|attorney|solicitor sent|has|wrote
            breakdown payments
            if you need
            you are real
            phishing|legit
            cease all
            click the link
            put it in writing
            my|your number
            who do i owe more|less
            bank details
            so before anything
            to verify
            passport|house_purchase|human|tinder
            proof of claim
            someone used
            wage assignment
            number who_are_you|who
            paper receipt
            interrogatories
        """,
        nowhere="""
            already paid
            how do i know this is real
            bank details
        """,
        confidence=0.95,
    ),
)  # fmt: skip
