"""Groups of words that phrases name in capitals. "my_own" stands for two words; a group may name others."""

from nlu.rules.spoken import NAMED

GROUPS = {
    "NAMED": NAMED,
    "SELF": "myself my_self meself masel myslef my_selves maself",
    "DO_NOT": "do_not never did_not no_longer does_not donot",
    "WANT": "want wanted wanting wish wishing need care wanna fancy like",
    "WISH": "wish wished wishing hope hoping pray praying wishin hopin",
    "FAMILY": (
        "mother mom mum mummy mommy momma mama ma mam father dad daddy papa pop husband hubby wife son daughter brother sister bro sis nan nana nanna "
        "gran granny grandma gma gramma grandmother grandad granddad grandpa grandfather gramps uncle aunt auntie aunty partner spouse fiance fiancee "
        "boyfriend girlfriend parents parent cousin nephew niece stepdad stepmom stepmum stepfather stepmother twin missus mrs_and"
    ),
    "FAMILYS": (
        "mothers moms mums mams fathers dads husbands wifes wives sons daughters brothers sisters nans grans grandmas grandads grandfathers grandmothers "
        "partners uncles aunts spouses"
    ),
    "PERSON": "person man woman lady gentleman guy lad bloke fella chap customer client borrower debtor resident tenant owner individual patient account_holder accountholder acct_holder holder member party dude",
    "HE": "he she",
    "MONTH": "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec spring summer autumn winter fall easter christmas",
    "WHEN": "last on in this yesterday two three four five six a over back ago at before after months years weeks days since about # suddenly recently",
    "PILLS": "pills tablets meds insulin medication paracetamol",
    "CONTACT": "contact contacting contacted communicate communicating communication communications correspondence",
    "STOP": "stop quit cease stopping discontinue end halt stopp desist",
    "TEXTING": "texting messaging emailing spamming smsing pinging txting",
    "CALLING": "calling ringing phoning telephoning",
    "TEXT": "text message email sms spam mail msg txt texted",
    "TEXTS": "text texts textes message messages sms email emails mails msgs notifications notification alerts reminders reminder spam txts texting messaging",
    "CALLS": "call calls calling ring ringing phone phoning phonecalls robocalls telephone rings",
    "CALL": "call ring phone telephone bell",
    "LETTERS": "letter letters post mail write writing mailing visit visits knocking correspondence cards",
    "VERB": "call ring phone telephone text txt message msg email e_mail write mail post send contact visit knock",
    "FRAUDSTER": "someone fraudster fraudsters scammer scammers thief thieves criminal crook hacker hackers impostor imposter stranger ex brother sister mother mom mum dad father son cousin roommate flatmate nephew niece uncle aunt grandson husband wife carer caregiver boss friend they he she guy man person twin boyfriend girlfriend scrote",
    "LAWYER": "lawyer attorney solicitor barrister counsel solicitors lawyers attorneys law_firm legal_team legal_counsel legal_representative legal_rep legal_aid law_office counselor_at_law",
    "ADVISER": "stepchange step_change payplan pay_plan citizens_advice cab national_debtline national_debt_line debtline christians_against_poverty cap money_wellness angel_advance gregory_pennington community_money_advice advice_ni freedom_debt freedom_debt_relief national_debt_relief accredited_debt_relief beyond_finance greenpath cccs money_management_international consumer_credit_counseling law_centre law_center legal_services",
    "DEBT_ADVISER": "debt_adviser debt_advisor money_adviser money_advisor debt_counselor debt_counsellor credit_counselor credit_counsellor debt_charity debt_advice_charity debt_management_company debt_management_co debt_mgmt_co debt_relief_company debt_settlement_company debt_consolidation_company debt_relief_program debt_settlement_program debt_resolution_program debt_management_program debt_management_plan debt_counselling_agency debt_counseling_agency credit_counseling_agency credit_counseling claims_company claims_firm claims_management_company",
    "HANDLES": "handles handle handling handled deals deal dealing sorting sorted sorts sort manages manage managing managed doing acts act acting represents represent representing negotiating negotiate negotiates looking_after taken took has have got run runs",
    "DEBT": "debt bill account acct loan card credit_card balance charge contract debts bills charges accounts purchase transaction invoice payment debit",
    "OWE": "owe owed owing",
    "FAMILIA": "mama papa madre padre esposo esposa marido mujer hijo hija hermano hermana abuelo abuela abuelito abuelita tio tia viejo viejita jefita jefito suegro suegra pareja cunado cunada senor senora senorita titular cliente apa ama papi mami nino nina novio novia compadre comadre primo prima sobrino sobrina companero duena dueno don dona persona",
    "MURIO": "murio fallecio se_murio se_nos_fue perdio",
    "ABOGADO": "abogado abogada licenciado licenciada abogados abgado avogado lic bufete",
}
"""A group by name to its words."""

COMMON = frozenset(
    "i the a an to of in on at it is am are was be do not you your my me we us have has had for and or but if so no will can "
    "that this they he she his her with from by up out any more all just what who how when want would get got one go been "
    "did does now pay paid they them need know as an ( ) . ? anyone someone"
    " no ia me mi ke de la el los las un una en es eso esa ese i o lo le les se su sus por para con mas nunka".split()
)
"""Beginnings of words that nearly every text has: no phrase is found by these."""
