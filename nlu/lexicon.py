# ruff: noqa: E501
"""Words that say the same to the classifier: what it learned of one counts for all of a row."""

CONCEPTS = {
    "family": (
        "mother mom mum mam mama father dad papa husband wife hubby son daughter brother sister nan gran grandma "
        "grandmother grandad grandfather grandpa uncle aunt partner spouse boyfriend girlfriend cousin nephew niece "
        "stepson stepdad stepmom esposo esposa hijo hija hermano hermana madre padre abuela abuelo tio tia"
    ),
    "lawyer": "lawyer lawyers attorney attorneys solicitor solicitors counsel barrister abogado abogada licenciado",
    "advice": "stepchange payplan adviser advisor caseworker counselor counselling counseling helpline debtline",
    "died": "died dead deceased passed murio fallecio muerto muerta fallecido fallecida",
    "pay": "pay paying pago pagar pagare abonar depositar remit settle clear send transfer deposit mandar",
    "paid": "paid settled cleared sent transferred deposited pague pagado liquide deposite",
    "payday": "payday paycheck wages salary wage ssi ssdi pension disability benefits check cheque refund bonus quincena",
    "job": "job work employment trabajo empleo shift boss hours",
    "nomoney": "broke skint penniless unemployed redundant laid jobless desempleado quebrado",
    "ill": (
        "cancer chemo hospital surgery stroke depression anxiety disabled disability dialysis dementia bipolar ptsd sick "
        "ill illness hospice icu rehab enfermo enferma operaron"
    ),
    "message": "text texts texting message messages messaging sms msgs mensaje mensajes textos email emails correo correos",
    "call": "call calls calling ring ringing phone phoning llamar llame llamen llamadas llameme marcar bell",
    "stop": "stop quit cease halt discontinue pare parar deje dejen alto basta",
    "remove": "remove delete unsubscribe erase quiteme saqueme borre eliminen",
    "person": "person human agent representative someone somebody operator adviser manager supervisor alguien persona agente",
    "scam": "scam scammer scammers fraud phishing fake spam dodgy sketchy bogus estafa fraude",
    "proof": "proof prove evidence verification validate validation documents documentation paperwork statement comprobantes pruebas",
    "less": "discount reduce reduced reduction lower settlement descuento rebaja rebajan menos percent percentage",
    "plan": "plan installments installment arrangement payments abonos pagos cuotas monthly weekly biweekly fortnightly",
    "period": "week weeks month months fortnight semana semanas mes meses quincenas",
    "wait": "wait extension extend postpone defer delay hold later longer prorroga plazo esperar",
    "owe": "owe owed owing balance outstanding debo saldo arrears",
    "complain": "complaint complain report reporting ombudsman cfpb fca bbb fcc harassment harassing queja acoso reportar",
    "rude": "rude disgusting disgraceful nasty unprofessional grosero appalling shocking terrible awful",
    "swear": (
        "fuck fucking shit bitch bastard bastards asshole assholes scum scumbags parasites leeches vultures cunt cunts twat "
        "wanker wankers dick prick pricks idiot idiots moron morons pendejo pendejos puta mierda chinga pinche"
    ),
    "bankrupt": "bankrupt bankruptcy iva dro insolvent insolvency bancarrota quiebra chapter discharged",
    "stolen": "stolen stole theft fraudulent fraudulently hacked forged impersonated robaron clonaron",
    "name": "name john maria michael david susan kevin robert brian jason james lisa tyrone carl greg juan pedro jose mary",
    "card": "card debit credit visa mastercard tarjeta checking bank",
    "fee": "fee fees charge charges interest late cargos intereses",
    "link": "link website site page portal url enlace app",
    "yes": "yes yeah yep yup sure ok si claro",
    "no": "no nope nah not never",
    "when": "tomorrow today tonight manana hoy weekend morning afternoon",
}  # fmt: skip
"""Concept to the words of its row; a word belongs to one row only."""

CONCEPT_OF = {word: f"<{name}>" for name, words in CONCEPTS.items() for word in words.split()}
