"""Insolvency, representation and fraud by others."""

from nlu.rules.table import Rule

LEGAL = (
    Rule(
        "bankruptcy", "bankruptcy",
        says="""
            bankrupt|bankruptcy|bankruptcies|bankr
            bk filed|case|discharge|attorney|lawyer|court|number|trustee
            filed|file|filing|my|in|declaring|declared|into|included_in a|for~ bk
            iva|ivas|i_v_a
            dro|dros
            debt relief order|orders
            individual voluntary arrangement
            trust deed
            trust dead trust
            protected trust
            sequestrated|sequestration
            insolvent|insolvency
            chapter|ch # !of|in|and
            chapter|ch seven|eleven|thirteen
            ch7|ch13
            filed|file|filing|filling|surrendered in? a|the|for~ 7|13|seven|thirteen
            from|to a 7|13
            plan in the 13
            automatic|federal stay
            stay on all
            discharge papers|letter|order|injunction
            discharged bankrupt
            debt|account|debts|this|that|it|was|got|been|were discharged in|by|through|under|from|from_this|from_it|#|years|two
            discharged debt
            < discharged >
            been discharged
            i was discharged in #
            court|judge|order discharged|wiped
            wiped ... judge|court
            official receiver
            my trustee
            the|bankruptcy trustee has|handles|pays|is|in|paid|at
            accountant in bankruptcy
            minimal asset
            341 meeting
            meeting of creditors
            creditors meeting
            protected by the court
            bankruptcy|court protection
            pre petition
            petitioned for|the
            voluntary petition
            on my petition
            listed .. creditor
            listed you as
            pacer
            no asset case
            case got? dismissed .. refiling
            refiling next
            filed for? jointly
            joint filing
            < i filed >
            i filed this_morning|already|last_week
            cant|can_not collect i filed
            lost everything and filed
            about to file
            filed ... leave_me_alone
            < filed .
            reaffirm
            upsolve
            debt is in my|an|the iva|dro
            wiped out by|in a|the|my|2020 ..
            discharged in|by
        """,
        unless="""
            if|unless|before|might|could|would|may|almost|nearly|close|towards|near|risk|threat|afraid|scared|avoid|avoiding|stop|stopping|dodge|rather|without|instead|thinking|considering|looking|consider ... bankrupt|bankruptcy|iva|dro|insolvent|7|13
            bankrupting
            bankrupt|bankrupts me|us|you|yourself|a|anyone
            morally|emotionally|intellectually|ideas bankrupt
            your company|firm|business
            you|your|company|they|store|shop|retailer|gym|landlord ... bankrupt|bankruptcy|insolvent
            you are bankrupt
            chapter # of|book|in_the_book
            do i need|have to
            should i
            about|how_to|do_you ... bankruptcy|iva|dro ?
            friend|mate|song|movie|game|monopoly
            not|never|no|nothing going_to|filed|filing|been|declared|am|be|go|going|file|gone|want|a|an|in|yet|even|have|want_to|on|having|had|trying_to|declaring|do|to|for|after|about|anything|end|up|any|under~ bankrupt|bankruptcy|iva|dro|chapter|insolvent|insolvency
            bankruptcy|iva|dro never happened
            bankrupt no|of_energy|sale|times|at_this_rate
            hit bankrupt
            got|put my employer|boss
            what is|are bankruptcy|a|an|the|dro|iva
            what is|are .. difference
            look|looking into bankruptcy
            neighbor|neighbour|brother|sister|cousin ... filed|bankrupt
            toys|wheel|trivia|quiz
            discharged by cheque|check|payment
            vet|vets bill
            chapel
            chapter # was boring
            iva is my
            iva was|got? refused|rejected|years_ago
            no voy|antes
            breathing space
            employer|work|boss|neighbour|neighbor went|goes|filed|is
            discharged from the? hospital|army|ward|care
            discharged by private|bond
            is * bankrupt
            draft bankruptcy
            mayfair
            so good
            homework
            puppy|autocorrect
            llandudno|chapel|ail
        """,
    ),
    Rule(
        "represented", "attorney_represented",
        says="""
            represented by|me
            am represented
            < represented >
            representing me
            represents|represent me|us
            have|has|got|hired|retained|retain|instructed|appointed|getting_help_from|consulted a|an|my|the|own|good|in|now|got~ LAWYER !bill|bills|fees|friend|for_my_divorce|debt
            have|got|hired|retained|instructed my|own|a|legal|some~ counsel|representation
            < LAWYER >
            lawyered up
            counsel retained
            talk|speak|contact|call|ask|write|text|direct|refer|email|reach|phone|ring|through|via|thru|with|by|to|see|per|from_my|forwarding|sent|forwarded to|with|out|this|it|all|everything|further|any|correspondence|communication|communications|questions|only|them~ my|our|the LAWYER
            my|our LAWYER .. handles|handling|handled|dealing|deals|deal|has|have|is|said|says|told|advised|advises|will|sent|wrote|sorting|name|needs|number|office|info|wants|asked|took|email|details|address|deal|at|mr|ms|mrs|letter
            the|a|divorce|estate|bankruptcy|family|injury|accident|union|comp LAWYER|attorney|solicitor|lawyer .. handles|handling|handled|dealing|deals|has|have|took|taken|is_handling|on_this|representing|who
            my .. LAWYER|attorney|solicitor|barrister .. handles|handling|handled|dealing|deals|sorting|has|says|said|told|sent|wrote|advised|will
            my LAWYER will be
            hear|hearing from my|our LAWYER
            my LAWYER name|number|details|email
            with my|our|the LAWYER
            with the lawyers|solicitors
            gone|going|passed|handed|given|gave|sent|forwarded .. to|through my|a|our|the LAWYER
            through|via|by solicitors|LAWYER
            LAWYER|solicitor|atty has|is this|it|on_it|handling
            handled|dealt|sorted|managed by|with_by a|my|our|the LAWYER|DEBT_ADVISER|ADVISER
            hands of my LAWYER
            letter of representation|rep|protection
            power of attorney !form
            lasting power
            breathing space !until|till|from|please|would|on|for_a|room|to_get|before
            statutory moratorium
            breathing space moratorium|period|started|notification
            stepchange|payplan|pay_plan|step_change
            ADVISER ... HANDLES|dealing|told|says|said|plan|sorting|doing|helping|helped|managing|my|are|will
            with|to|through|via|contact|via|speak_to|talk_to|told ADVISER !and_they_said
            on|in|have|my|a|through|with|started|got|via a|my|our~ dmp
            < dmp >
            dmp with|started|company|provider
            my|with|through|have|using|hired|got|a|by|our|the DEBT_ADVISER
            debt management plan|company|program|programme|firm|people
            debt relief|settlement|resolution|consolidation|negotiation program|programme|company|firm|people|place|agency
            DEBT_ADVISER is|has|are|will|told|said|handles|deals
            enrolled in|with ... debt|relief|freedom|program
            debt arrangement scheme
            law centre|center|clinic
            legal aid|services|team|people
            form of authority
            third party authority|dealing|representative|handles
            authorised representative
            authorised a? third party
            acting|acts|act on|for my|me|mr|mrs|our behalf|client|debts|us|$
            acting on my behalf
            act on his|her|their behalf
            my caseworker|case_worker|support_worker|advocate|representative|appointee|deputy ... handles|handling|deals|dealing|my|contact|talk|negotiating
            mandate signed
            caseworker is
            legally my representative
            my|our representative
            court of protection
            class action ... attorney|lawyer
            jag officer|office
            we act for
            our firm acts
            our client
            negotiate|negotiating|negotiates for|on me|my_behalf|us
            law firm
            taken my case
            claims company|firm
            i have|yes_ive|got|have representation
            practitioner|adviser|advisor|caseworker|representative ... only to him|her|them
            write|speak|talk|correspond only to|with my lawyer|solicitor|attorney|adviser|advisor|practitioner
        """,
        unless="""
            attorney general
            will|would|going_to|might|may|should|could|want|need|have|ready|about|looking|thinking|considering|if|let|do ... get|hire|see|consult|find|be_getting|calling|hiring|getting|involve|take ... LAWYER
            if|unless|before|until|otherwise|or|when ... LAWYER
            i|we will get|hire|see|be_talking|be_speaking|be_calling|call|sue|contact|consult
            can not|no|afford|without|dont_have|do_not_have|wish_i_had|have_no|need|not a|an|any|my|for_a|for_an~ LAWYER|representation
            your|their|ur|our_landlords LAWYER
            LAWYER friend|joke|jokes|fees|fee|bill|bills|on_tv|show|commercial
            friend|cousin|buddy ... is_a LAWYER|paralegal
            studying|school|student law
            are|is you|this|it a|an|the|really? LAWYER|law_firm
            paid|paying|owe|owed|pay my|the|a LAWYER
            works|work|worked at|for a|the law
            some|bit|little|more|give|giving|need|want|a_little ... breathing space
            better call saul
            power of attorney form
            better|not|never|isnt ... handling|represented|representing|using|with|in|on|doing ... LAWYER|stepchange|payplan|dmp|breathing
            not going to|through
            think|thinking|should|maybe|might|could|consider|looking|going|applying|apply|rang|waiting|appointment|before|if|or|called|rejected|turned|refused|finished|left|quit|cancelled|used ... ADVISER|DEBT_ADVISER|dmp
            offer|offers|help debt
            do|can you ... ADVISER|DEBT_ADVISER|dmp
            traffic|speeding|divorce LAWYER fees|bill|cost
            baseball|baseball_cap|cap|cab_fare|taxi|cab_driver|by_cab|cab_home|a_cab
            legal action|advice
            to act on
            LAWYER|solicitor|attorney mate|buddy|cousin|pal
            mate|cousin is a LAWYER
            cousins a LAWYER
            said|says i did_not need
            website|template|youtube|site
            do_not|dont|didnt need|want
            solicitor ... selling|sale|conveyancing|house
            the LAWYER you use
            what is|does a|the? breathing|stepchange|dmp|payplan
            what does
            i want to talk to
            have|has not got|a|any LAWYER
            not have|got ... LAWYER
            auto_reply|auto|reception|switchboard
            we are a law firm
            at the law firm
            scheme failed
            iva|dro|bancarrota|bankruptcy
            power of attorney for|now
            hold his|her power
            outside|during hours
            my support worker
            course is done
            out of office
        """,
    ),
    Rule(
        "identity-theft", "identity_theft",
        says="""
            identity|id|idenity theft|fraud|thief|thieves|stolen|fraudster|cloned
            identity|id|ssn|social|wallet|purse|info|information|data|details|licence|license|passport|card|social_security|driving_licence was|were|got|been|is|has_been|have_been|being~ stolen|hacked|leaked|compromised|cloned|nicked|pinched|used|forged|skimmed|breached !to_pay|and_cancelled
            stole|stolen|stealing|steal|nicked|pinched|cloned|hacked|robbed|used|using|uses|forged|took|got|has|have|getting my|ma|our|all_my|the_wrong~ identity|id|social|ssn|identification|personal|data|national_insurance|signature|passport|licence|license !from_you|to_pay|card_to_pay
            stole|stolen|stealing|steal|nicked|pinched|cloned|hacked my info|information|details|name|card|identity|wallet|purse|debit|credit
            used|using|uses|use my|ma|our name|identity|details|info|information|ssn|social|insurance|national|id|bank|data|passport|licence !to_pay|for_the_payment|only|when
            victim of|to a|an|the|some|credit|card|online~ fraud|scam|identity|id|theft|fraudster
            i am|was|been the? victim
            accepted i am the? victim
            fraud report|case|alert|affidavit|team|dept|department|people|claim|marker|investigation !said_no
            reported|report|reporting this|it|as|to|the|that|for~ fraud
            reported to|it_to action_fraud|cifas|the_police
            action fraud
            cifas
            fraudulent|fraudulently !text|message|email
            fraudster|fraudsters|imposter|impostor|impersonated|impersonating|impersonator
            this|that|it|its|account|loan|card|was|is is|was|a|an|account|pure|all|just|been|the|of|clearly~ fraud $|not_me|and|by|i|stop|account|accounts
            < fraud not? me?
            < fraud >
            < hacked|victim|thief|impostor|imposter|stolen_identity >
            not me|mine fraud|someone|somebody
            crime|police|crime reference|report|number|ref
            police report|reference|crime_number
            crime number|ref|reference
            ftc report|affidavit|identity|complaint_for
            account takeover|taken_over|hacked
            sim swap|swapped
            FRAUDSTER .. opened|opens|open|took|taken|signed|set|got|applied|made|put|ran|used|using|bought|created|borrowed|ordered|registered|has_been_using ... in|using|as|with|on my|me|our|ma name|names|details|identity|id|info|information|social|ssn|card|credit|signature|passport|data|behalf|email|number|back !paid
            FRAUDSTER .. opened|opens|signed_up|took_out|take_out|took_this_out|applied|got_credit|made ... as me
            as me $|and|not|inc
            in|under my|ma|our name ... not|never|without|fraud|behind|stolen|wasnt|didnt
            in|under my name
            opened|taken|took_out|signed_up|set_up|created|made|applied ... by someone|somebody|a_thief|a_crook|a_fraudster|fraudsters|criminals|someone_else|another_person
            opened .. with|using my|stolen
            someone|somebody_else else opened|used|using|did|made|signed|took|has_been|applied
            someone|somebody stole|hacked|cloned|forged|impersonated
            someones|somebodys opened|used|using|stole|stolen
            someone|somebody_else is|has|was|been|else|are~ using|used my|our|me
            pretending|pretended|pretends|posing|impersonating to|as~ be? me
            forged|forging my|the|a|his|her|it|signature|me
            my .. signature .. forged
            signature .. forged|faked
            behind my back
            without me knowing|my_knowledge
            data|equifax|capita breach
            i was|got|been hacked|scammed|phished|cloned|skimmed and|they|into|opened
            i|my|paypal|amazon|account|email|phone was|got|been hacked
            hacked my
            card .. cloned|skimmed
            unauthorised account|accounts
            fake account|loan|name
            thief|crook|criminal|scammer|scammers|fraudsters|thieves|hacker|con_artist ... opened|used|spent|took|made|account|borrowed|got_my|did|ordered|signed
            stop|chase chasing|the .. victim|thief
            put|frozen|froze|placed ... credit|fraud_alert
            fraud_alert on
            mail thieves
            got into my account
            got ahold of my social
            using my ssn|social
            purchases were|was not me|mine|by
            ran up .. in_my_name
            used my insurance card
            signed up .. as me
            stolen identity|id|info|passport|card|licence
            ghost broker
            check the ip
            stole|stolen my|ma identity|id|social|wallet|purse and|to|then
            someone|somebody|somebody_else|hacker .. accessed|got_into|logged_into|broke_into|been_in my card|account|bank|accounts
        """,
        unless="""
            is this|it|that a|an|the|some|any|really|just|you|even~ fraud|scam|fraudulent|fraudster|fraudsters
            are|is you|ya|u|this|yall|it|they .. fraud|frauds|fraudster|fraudsters|scammer|scammers|thieves|hacker|hackers
            you are|all|people|lot|company|guys|steal|stole|stealing|stolen|committing|guilty|took|used|using|have ... fraud|frauds|fraudster|fraudsters|fraudulent|scammers|thieves|criminals
            how|tell|know|prove|sure ... not|isnt|is|you|this ... fraud|fraudster|fraudsters|scam
            text|message|email|number|link|company|sounds|looks|seems|smells|feels|website|call ... fraud|fraudulent|fraudster|fraudsters|hacked|phishing|fake
            not|isnt|no a|an|about|any|saying|its|is|been|my|even|on|say|nothing|case_of|claiming|reporting|have|the|identity~ fraud|fraudulent|theft|stolen|hacked
            report|reporting|reported|calling|tell|contact|forward|forwarding you|this_number|u|your|this_text|this_message|this_company|ya|yall|the_bank ... fraud
            with|got|have|gave|my permission|blessing|permission
            paid|pay|paying|pays ... my|in_my name|card
            fraud protection|prevention|alert_text|line_said|department_blocked|hold
            bank|card|chase ... blocked|flagged|froze|declined|stopped ... fraud
            fraud ... blocked|froze|declined|flagged_my_payment|new_card|locked
            blocked|froze|frozen|declined|locked|cancelled|replaced ... fraud
            in case of
            to pay you|it|this
            name .. spelled|spelt|wrong
            is in my name
            still in my name
            put|get it|this|the_account in my name
            in my name and|but|so|only|for|alone
            bill|account|lease|contract|tenancy|house|both .. is|was|its|not in my name
            not in my name
            took|take my card details|number|payment
            take my details
            phone|bike|car|catalytic|tools|van|bag|laptop|truck got|was|were|been? stolen|nicked|robbed|hacked !and|with_my|they
            stole|stolen|nicked .. car|phone|bike|truck|van|catalytic|tools|bag|laptop|my_heart|packages
            joking|kidding|song|movie|game|show|netflix
            police report ... crash|accident|car|noise
            in the name of
            deceased|executor
            they are|were fraudsters|scammers|frauds
            thought you
            purse|wallet|id|card|cards ... new|waiting|rent
            data breach and
            do you have my
            identity thieves
            hallmarks
            no one|nobody stole|used|has|took|opened
            anybody|anyone stole
            no_one|nobody stole|used|took
            hulu|netflix|documentary|movie
            avoid|prevent ... theft
            parking|sandwich|lunch|thunder
            face the
            piss_off you
            do you have job
            new number
            this is a fraud i
            at bingo|atm|hole_in_the_wall
            behind my back and paid
            machine|cashpoint
            badge
        """,
        confidence=0.96,
    ),
)  # fmt: skip
