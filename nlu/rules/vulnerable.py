"""Illness, disability, grief, abuse and prison, where the words leave no doubt.

Most ways of being vulnerable are told rather than named: those are the classifier's. A hospital
that sends the bill, a worker in a prison and an insult are no such thing.
"""

from nlu.rules.table import Rule

VULNERABLE = (
    Rule(
        "illness", "vulnerability",
        says="""
            have|has|had|got|with|suffer|suffering|suffers|diagnosed|battling|fighting|recovering|survived|beat|my|her|his|from|of|severe|stage|terminal|chronic .. cancer|leukemia|leukaemia|depression|anxiety|ptsd|bipolar|schizophrenia|dementia|alzheimers|parkinsons|dialysis|epilepsy|chemo|chemotherapy|lupus|autism|copd|psychosis|agoraphobia|fibromyalgia|ms_and|seizures|panic_attacks|panic_attack|brain_injury|heart_attack|heart_failure|kidney_failure
            had|having|have|after|recovering_from .. a|an|my|the stroke|breakdown|nervous_breakdown|miscarriage|operation|amputation|heart_attack
            mental health problems|issues|crisis|team|ward|nurse|unit|is|condition|bad
            am|i_am|is|are|been|registered|severely|clinically|was registered|severely|clinically|very|legally|partially|so|really|totally|completely~ disabled|blind|deaf|bedridden|bedbound|housebound|autistic|bipolar|schizophrenic|suffering_from|hospitalised|hospitalized|sectioned|terminally_ill|seriously_ill|critically_ill|paralysed|paralyzed|dyslexic|illiterate
            in|into|out_of|from the|a|an? hospital|hospice|icu|intensive_care|psych_ward|coma|rehab|nicu|care_home|psychiatric_ward|psychiatric_hospital|mental_hospital|memory_care since|for|with|after|right_now|at_the|and|having|again|all|last|#|fighting|until|till|waiting|recovering
            in a? wheelchair|coma
            domestic abuse|violence
            abusive husband|ex|partner|relationship|marriage|boyfriend|wife|home
            womens|women shelter|refuge
            i|he|she|husband|son|daughter|brother|wife is|am|was|are|been|got~ in|incarcerated|locked_up|serving prison|jail|incarcerated|locked_up !said
            gambling|drug|alcohol addiction|addict|problem
            recovering addict|alcoholic
            full_time|unpaid|sole carer|caregiver|carer_for
            carer for my
            can not read or|very|well|english_well
            terminal illness|cancer|diagnosis
            terminally ill
            just_had|having|had|after|need|for surgery|an_operation|an_amputation
            stillborn|miscarriage|miscarried
            i|we just? lost my|our|the baby
            special needs
            learning disability|difficulties|disabilities
            on dialysis|chemo|oxygen|suicide_watch
            i can not read or|very|well
        """,
        unless="""
            hospital|clinic|er bill|bills|charge|charged|billed|account|debt|invoice|says|portal
            bill|billed|charge|invoice|balance|charged|debt|payment|letter from|by|for .. hospital|hospice|surgery|operation|nicu|rehab
            you|your|u|yall|they|company ... blind|deaf|disabled|prison|jail|cancer|mental|locked_up|incarcerated
            are you|u|yall
            should|belong|deserve|go|put|throw|send|end ... jail|prison
            work|works|working|job|shift|nurse|volunteer at|in|for|with|on ...
            not|never|isnt|no|nothing ... disabled|blind|deaf|depressed|sick|ill|hospital|surgery|cancer|prison|jail|depression|addict|bipolar
            disabled my|the|parking|badge_renewal|card|account|login|link
            blind|deaf date|spot|ears_to
            giving|gives|give me ... anxiety|cancer|heart_attack|stroke|seizures
            heart attack when|seeing|opening|looking|at
            stroke of
            autopay|auto_pay|app|website
            if i
            kidding|joking|lol|movie|show|episode|song
            died|passed|dead|deceased|lost his|her battle
            was in the hospital when it
            dog|cat|horse|vet
            friend|cousins
            walk|run|ride|donate|charity|fundraiser for|cancer
            cancer|heart research|charity
            zodiac|horoscope|star_sign
            anxiety|depression_is when|every_time
            wife|husband|mum|mom|dad|her|him to cancer|alzheimers
            lost her|his|the fight|battle
            breathing space
            garage|washer|fridge|car
            system|ref|referee
            someone with
            a|old woman|man|person|lady with
            mexico|bail
            did not make it
            just had surgery but
            only in the hospital
            she is in jail
            used my|their id
            kill myself
            memory care since
            voicemail|relay
            instead
        """,
        nowhere="""
            kill myself|himself|herself
            text relay
            died
            we lost her|him
            ending things
            caught the
        """,
        confidence=0.94,
    ),
    Rule(
        "grief", "vulnerability",
        says="""
            my|our FAMILY|best_friend .. died|passed_away|passed|death ... cope|coping|think|face|function|struggling|bits|pieces|mess|grieving|devastated|heartbroken|wreck|not_well
            lost my|our FAMILY|baby|child ... cope|coping|struggling|bits|pieces|mess|grieving|devastated|heartbroken|wreck|think|function
            since|after my|our FAMILY died|passed|passed_away ... cope|coping|face|struggling|barely|cant|can_not|lost
            i am|im|been|still|we_are grieving
            in mourning
            bereaved|bereavement
        """,
        unless="""
            his|her|their|the account|estate|bill|bills|debt
            bereavement team|department|dept
            want|join|go|be to|with|her|him|follow
            live|living|alive
        """,
        nowhere="""
            want to die|go_with|follow|be_with
            executor|probate|estate|death_certificate
        """,
        confidence=0.94,
    ),
)  # fmt: skip
