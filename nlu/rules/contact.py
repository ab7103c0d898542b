"""Requests to cease all contact, whatever the channel.

"no contact" is also what a parent has with a debtor, and "leave me alone with it" what a busy
customer says.
"""

from nlu.rules.table import Rule

CONTACT = (
    Rule(
        "cease-contact", "cease_contact",
        says="""
            cease and desist
            STOP|refrain|stopped|ceased|desist from? all|any|every|further|the|each|trying|to|your|total|kind|forms|kinds|sort|of|form|attempts|attempting|harassing|and|future~ CONTACT|reaching_out|getting_in_touch|correspondence
            STOP bothering|pestering|hounding|bugging|hassling me|us|this_house|this_family|my_family !about|with|for|at
            STOP bothering|pestering|hounding|bugging|hassling $
            all|every|any|further|more? contact|communication|communications|correspondence from_you|with_me|from_your_company~ to|must|should|has_to|needs_to|is_to now? stop|end|cease
            communication|contact ends here|now|today
            no|zero more|further|other|sort_of|form_of~ contact|communication|communications|correspondence ... any|ever|again|whatsoever|form|kind|sort|please|at_all|means|method|this_family|you_people
            ^ no|zero more|further|other~ contact|communication|communications|correspondence $
            no contact means no contact
            no contact not phone|text|post|calls
            said|says|told_you ... no contact $
            make|making no|any more|further contact|attempt
            there must|will|should be no more|further? contact|communication
            cancel|end all|any|further? contact|communication|communications with|to|from me|us
            do_not|never|donot|not_to ever|you|dare|try|to|attempt~ CONTACT|reach_out|get_in_touch|bother|communicate me|us|with_me|with_us|to_me|this_family|my_family~ again|any_more|ever|in_any|in_future|no_more|any_way|any_form|by_any|any_further|altogether|through_any|further
            do_not|never|donot|not_to ever|you~ CONTACT|bother|approach me|us|this_family|this_household $|please|and|or|ever|you|for_any
            do_not|never ever? contact|communicate $
            do_not ever contact|reach_out|get_in_touch
            do_not reach out any_more|to_me|again|$
            do_not get in touch $|again|ever|any|with_me
            never contact me|us
            do_not contact me|us at|by|via phone|text|email|mail|post text|email|mail|or|and|letter
            not be? contacting|contact me|us or|again|any_more|ever|in_any
            never|not want|wanna|wish|like|need|dont~ to? hear from|of ... again|ever|any_more
            never want to? hear from you
            never|not want|wanna|wish to be contacted again|any_more|by_anyone|by_you|by_your_firm|ever|in_any|$
            want to see|hear another word
            never hearing from
            not to be contacted any|again|ever|in|by_any|$
            no_one ... contact|touch|contacts me|us|with_me|again
            not permitted|allowed to contact me|us any_more|again|ever|$
            may not contact me|us
            may|can|must not contact me again|any|ever|by_any
            not consent to being|be|any|further|all~ contacted|contact
            withdraw|revoke|revoking|withdrawing|rescind all? my? consent|permission .. all|any|contact|contacted ... any|all|every|form|forms|method|means|and
            revoke all consent
            i am revoking permission to contact
            nothing|none more|else? from you people? nothing
            nothing more|else to do with you
            not another word|peep
            let me be $|please
            stay|keep away from me|my|us
            get off my back
            get out of my life
            get out|outta here and
            buzz|bog|jog off|on|lost for_good|and|forever|dont|never
            forget i exist
            forget my|our name
            forget you ever knew
            pretend i am not|dead
            lose|delete|erase|wipe|remove|forget|bin my|all|every|contact|the|phone|mobile~ number|name|details|info|address ... and|or my? address|email|everything
            lose|delete|erase|wipe|remove me|my|all|everything|it ... never|do_not contact|use|get_in_touch|reach|bother|write
            erase me $
            lose all? my? contact? info|details
            any more|further? contact ... harassment|police|lawyer|solicitor
            further|more contact will|is
            contact me|us again and|or|in_any
            contact me|us one_more_time|again ... i|ill
            no CALLS|LETTERS|TEXTS|phone no|or|and~ LETTERS|TEXTS|CALLS|post|doorsteps|visits no|or|and|nothing~ LETTERS|TEXTS|CALLS|nothing|nada|contact|nothin|doorsteps
            no CALLS and|or|no? LETTERS|TEXTS no|or|and|nothing
            not phone not post
            do_not|never|not ever|you|to|attempt~ VERB me|at_home~ or|nor|and|not|do|ever|you|never|dont|to~ VERB me|us|to~ or|nor|and|do|not|never|dont~ VERB
            do_not|never ever? VERB me? ever? or|nor VERB
            never again VERB
            not VERB me? or|nor VERB !at|in|on|to
            not VERB or VERB
            never VERB me? or|nor VERB
            do_not .. come|show .. my house|door|home ... do_not
            stop|quit|cease all? CALLING|TEXTING|writing|knocking|calls|texts|letters|emailing|mailing|harassing me|us|and|or|stop|plus|the|all~ CALLING|TEXTING|writing|visiting|knocking|emails|texts|letters|calls|mail !please|me_and|this
            STOP everything
            refuse .. contact|communication
            we are done talking
            we are done $
            done with you no
            this conversation is over
            no more of any
            < no more >
            < cease|contact|desist >
            cease all? communication|communications|communicating|contacting|contact
            fdcpa cease
            1692c
            want|demand|require|wish|request all|every|zero|no any|further|more~ contact|communication|communications from|to|with|of
            want|wish no|zero|any further|more? contact|communication with|from
            not|never want|wanna|wish|like any|no~ more|further? contact|communication|correspondence with|from|$
            forbid .. contact
            i|we want peace
            left in peace|alone
            no other form of contact
            rather you all? left me alone
            appreciate|obliged|grateful never|if_you .. hearing|ceased|stopped ... communicating|contacting|from
            not .. entering into correspondence
            no further contact|communication|correspondence
            text i block call i block
            leave|let me|us|this_family|my_family|me_and_my|we|an_old_man|this_old_man|my_house|our_house the|tf|to|hell|fuck|f|my|family|well|fucking~ alone|be|in_peace !with|to|at|in_the|on_the|about|time|is|lol_sending
            ^ just|please|now|so|you|can|all|will|and~ go away $|and|now|for_good|forever|never
            < scram|begone >
            < get|go lost >
            < bog|buzz off
            my cease letter
            written cease
            stop|quit showing up stop
            do_not write|ring|call|phone do_not ring|call|text|write
            never write|message|ring|call never|phone|or ring|call|text|write|phone|message
            never message phone
            delete|erase|wipe|remove|block me|everything ... no|never|do_not contact|write|ring|call|get_in_touch
            no CALLS . no LETTERS|TEXTS
            stop it . all of it
            unsubscribe me from your existence
            strike me off every
            every kind of contact
            DO_NOT call ... write .. or email
            i want|need nothing more? to do with you
            not be? hearing from you
            remove|lose all? my? contact? details and
            to hear from you|your|anyone people|company|lot|agency|firm|ever|again ...
            cease communicating
            stopped|ceased communicating
            contact i want|from your lot to stop
            stop contacting my family|mother
            no letters|calls|texts no letters|calls|texts no
            pretend i do not exist
            stay out of my
            do not ask me again by
            lose|delete all my|the? contact? info|details
            done talking
            dont|do_not VERB or|nor|and come|knock
            do_not call|text me do_not write|rite|come
            stop the lot . calls
            no more calls texts|letters
            not approach me by
            wont|not be contacted any_more
            contact|contacts us|me no more
        """,
        unless="""
            instead
            at|to work|my_work|my_job|school|night|weekends|my_moms|my_mums|my_parents
            about my|the|this payment|case|order
            is|works fine|better|ok|best|preferred
            on sunday|sundays|weekends

            leave me|us alone with|to|at|in|for|on|here
            left|leaves|leaving me|us alone
            leave ... alone until|till|til
            do_not|never leave
            STOP CONTACT about|for|regarding
            had|have|has|been|getting no contact
            through|via|with|to|contact my|our lawyer|attorney|solicitor|counsel
            me directly|direct
            DO_NOT|never said|say|ask|asked|told|mean|meant
            refused|refuse|refuses to
            told|asked|begged|telling him|her|them|my|your|kids
            my|the|his|her|our kids|mum|mom|dad|boss|dog|cat|ex|neighbour|neighbor|brother|sister|tenant alone
            i|we never|did_not|do_not contacted|contact|hear|heard
            please contact|call me
            stop ... fees|interest|debit
            unless|except
            contactless
            contact stepchange|payplan|citizens|my|ADVISER|the
            stop|quit sending ... email|send
            new ringtone
            never ... each_other
            lens|lenses
            DO_NOT|not asking|asked
            and|please mail|email|text me
            greedy
            i gave the
            DO_NOT want all contact
            further|more contact|communication details|number|from_him|from_her
            no contact|communication with my|him|her|the|anyone|them
            contact|communication preference|preferences|form|page|centre|center
            contact|your contact number|details
            stop calling|harassing my|him|her|them|anyone
        """,
        nowhere="""
            text|email|call|ring|write|letter|post me? instead
            instead email|text|call|write
            ^ please|just|only|rather? by letter|post|email|text|mail only
            email|text|whatsapp|letters|post is|works fine|better|ok|best
            prefer|preferred
            only email|text|by|write|contact
        """,
    ),
    Rule(
        "never-again", "cease_contact",
        says="""
            never|not ever|you|to|try|attempt~ CONTACT|reach_out|reach_out_to|get_in_touch|bother|approach|call_or_text me|us|with_me|with_us|to_me~ again|ever|never !at|on|by_phone|by_email|by_text|before|after|until
            never again CONTACT|bother
            never|not want|wanna|wish to? hear from|of you|your|u ...
            never|not want any word from you|your
            communicate with me no
            want|need|have nothing further|more from you|your|to_do_with_you
            stop contacting my family|mother|house
            all of? your? communications are
            forget i|me|we all_ways|ever|exist|existed
        """,
        unless="""
            never want to hear from .. ex|him|her|them
            why ... never|not
            i|we never
            did|do you not
            about my|the|this
            unless
        """,
    ),
)  # fmt: skip
