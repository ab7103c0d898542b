"""Opt-outs in any wording.

"stop" is also what customers want of a bill, a debit or a person who calls their mother. Another
channel or time asked for is a preference, no opt-out; what was said, or done by others, is a report.
"""

from nlu.rules.table import Rule

_ELSEWHERE = """
    instead
    at|to work|my_work|my_job|my_place|the_office|my_office|school|night|weekends|lunch|dinner|my_moms|my_mums|my_sisters|my_parents|the_house
    just|only|rather|prefer|but|simply to? text|message|email|e|call|ring|write|phone|send|mail|post
    text|email|write|letter|letters|post|mail|call|ring|phone|whatsapp only|please_instead
    call|ring|phone|email|text|message|reach|mail me on|at|instead|after|between|if|by|when|letters
    and|just|but|please mail|post|call|ring|phone|email|text|pick_up|drop me|it|the|them|us|in
    not on|at_all_hours|so_early
    VERB is|works fine|better|ok|best|easier|great|preferred
    use|try my|the|this
    by|in|via letter|post|email|mail|writing|phone|whatsapp
    letters|email|emails|post|writing|paper please|ok|fine
    before|after|until|till|between|past # ..
    so|this|that|too early|late|often|many|much|frequently
    during|while|when|whilst i|im|my|school|work|the|business|working|hours
    on sunday|sundays|saturday|saturdays|weekends|the_weekend|my_lunch|the_sabbath
    in the|my morning|mornings|evening|evenings|night|middle|name
    twice|three_times|five_times|every_day|daily|every_hour|constantly
    on my|the landline|house_phone|home_phone|work_phone|work_number|work_mobile
    prefer|rather ... email|text|letter|post|mail|call|phone
    i work|am nights|night|asleep|sleeping|at_work|driving
"""
"""Another channel, time or place is asked for."""

_REPORTED = """
    refused|refuse|refuses to stop
    they|he|she|agent|rep|man|company|bank|collector|you will|would|do|does|did not|never stop
    told|asked|begged|said to? them|him|her|they to? stop
    DO_NOT stop|unsubscribe|remove|delete|cancel|opt
    DO_NOT say|ask|tell|mean|want ... stop|opt|unsubscribe|removed
    not asking .. stop
    never said|asked|told|agreed ... stop|opt
    i did not|never .. stop|opt|unsubscribe
    accident|accidentally|mistake|mistakenly|accidently
    opted back
    back on|in
    if|when|once i stop|opt|opted|unsubscribe|text|reply|send
    what|how does|happens ... stop|unsubscribe
    reply|text|txt|send|sms stop|end|unsubscribe|out|quit|no to
    to|2 stop|unsubscribe|opt_out|opt|cancel|end ... reply|text|txt|send|call|visit|click|sms|email
    reply|text|txt|click|press|visit|call ... to|2 opt|unsubscribe|stop|cancel
    you can|may unsubscribe|opt
    do|if you want|wish to unsubscribe|stop|opt
"""
"""What is quoted, reported, denied or asked about; also the foot of an advertisement."""

_NOT_TEXTS = """
    STOP|TEXTING|CALLING|TEXT|call|ring my|the|his|her|our mother|mom|mum|mam|dad|father|wife|husband|sister|brother|boss|job|work|employer|family|parents|neighbour|neighbours|neighbor|neighbors|daughter|son|nan|gran|friend|friends|ex|landlord|manager|relatives|references
    stop|cancel|remove|delete|end|turn_off|unsubscribe|off .. fee|fees|interest|charges|charge|payment|payments|debit|debits|direct_debit|autopay|plan|netflix|gym|garnishment|order|service|policy|insurance|credit_report|credit_file|card|loan|lease|joint
"""
"""What is to stop or to be removed is no message."""

OPT_OUT = (
    Rule(
        "stop-sending", "opt_out",
        says="""
            STOP|quitting|stoping|stopping the|all|of|these|those|this|your|with|w|sending|me|us|any|more|damn|bloody|stupid|fucking|fuckin|dang|constantly|automated|further|robo|out|my|getting|receiving|robotic~ TEXTING|TEXTS|robocalls|robo_calls|automated_calls
            STOP sending me|us|this|my|any|all|these|those|the|your|automated|more~ TEXTS|these|those|this|junk|stuff|anything|them|crap|shit|garbage|$|please
            STOP CALLING|the_calls|robocalls me|us|this_number|this_phone|my_phone|my_cell|my_mobile|here|the_house|now|please|already|thanks~ $|and_please|or_ill|i_am
            STOP robo calls
            STOP hitting me up
            STOP blowing|blowin my? up? my phone|cell
            STOP text|message|sms $|me|please
            pack|give|knock|jack it? in|over|off with? the|these|your~ TEXTS
            give it a rest with the|these|your~ TEXTS
            give over TEXTING
            enough|done with|of|the|these|your|already|all~ TEXTS already|now|please|take|$
            nix|end|mute|kill|cancel|disable|deactivate|discontinue|desist the|these|those|all|my|your|text|sms|email|this|any~ TEXTS|messaging
            TEXTS need|needs|have|has|must|should|can|could to|please~ stop|end
            want|need|wish|beg|begging|like|get|make the|these|your|all|it|this|them|automated|you~ TEXTS|this|it|them|you|these|phone to? stop|quit|end|cease $|TEXTING|sending
            make it|this|them|these|TEXTS stop
            get these|the|those|this to stop
            please|kindly|you|just discontinue|desist $|texting|messaging|sending|sms
            desist from TEXTING|sending
            turn|switch|shut off the|these|my|your|all|text|sms|email|payment~ TEXTS
            TEXTS|alerts off $|please
            word|how|which ... to make|get|send .. this|it|these .. stop|quit
            no|any|a way to|of stop|not|turn ... getting|receiving|TEXTS
            text me again and|or|i|ill
            block|blocking|blocked this|you|ur|your|the~ number .. if
            i will|am|ll|would? block|blocking|report you|this|ur|your|the_number ... text|texts|message|messages|stop
            already|just|i|have|yesterday|i_have texted|sent|replied|said|typed|put stop
            stop|unsubscribe two|three|four|five|# times
            opted out last|already|yesterday|before|weeks|days|and
            already opted out
            told you|yall|ya|u|your_people|them|twice|already|to~ stop|quit texting|messaging|emailing|sending|the
            said|told_you no more|to_stop|stop texting|texts|messages|$
            said stop !texting_her
            turn|switch the|these|them|those|my|your|TEXTS|text|this|all|sms|email~ off $|please|now|for
            turn it off $
            how|where do|can|you|would|i|we|the_hell|to|is~ stop|turn_off|disable|unsubscribe|opt_out|get_off|end|get_rid|the_unsubscribe getting|receiving|of|from|all|the|these|those|this|your|my|button|out|email~ TEXTS|these|$|this|list|button|now|please ?|$
            how do|can|to i? unsubscribe|opt_out
            marking .. as junk|spam
        """,
        unless=_ELSEWHERE + _REPORTED + _NOT_TEXTS + """
            how many|often
            STOP the? text|message|email ... about my|the_payment
            stop|stopped .. working|coming|loading
            did_not|not|never receive|get|got
            please|do keep
            stop|stopped receiving|getting ... why
            broken|dead|wrong link
            want|wanted this to end
            shut it off
            reporting this
            how to? get|do_i_get ... again
            undo|bad_mood
            not_my
            five|the_same|# of
            android|iphone|spam_calls
            smoking
            not asking
            not|never ask|asked|want|wanted|tell|told|mean|meant you|them|for~ to? stop|end
            not stop .. texts
            once|when you show
            back ?
            hulu|netflix|spotify
            her|him|his mother
            get them|it back
            about it every
            changed my mind
            was not me
            autocorrect
            and|just give|get|put|connect me|someone
            telly|tv|radio
            linkedin|facebook|hulu
            not quit|stop|stopping
            question was
        """,
        nowhere="""
            instead
            ^ please|and|just|ok~ email|call|ring|write|post|phone|whatsapp|mail|drop me|us|to|it|a !again
            and|but|please|so|ok|can_you|could_you|you_can email|call|ring|write|post|phone|whatsapp|mail|text me|to|it !again|any_more|ever
            just|only|rather|but email|call|ring|write|post|text|letter|letters
            prefer|preferred|easier
            undo
            back on
        """,
    ),
    Rule(
        "dont-send", "opt_out",
        says="""
            do_not|never|no_longer|donot|not to|ever|you|we|really~ want|wanna|wish|need|care|like|consent|agree|signed_up|sign_up|agreed|asked|signed|consented|authorised to|for|you|in|receiving|up|getting|get|receive|have|be|sent|any|more|no|these|those|your|the|such|of|damn|stupid|further|me|a|single|another|electronic|automated|marketing|text|every|sending|about~ TEXTS|texted|messaged !back_from|a_person
            do_not|never|no_longer|not want|wish|care|like to|for|you~ get|getting|receive|receiving|be|being|have any|more|no|these|those|your|the|further|such|text|sms|sent~ TEXTS|texted|messaged|these|those|them
            do_not|never|no_longer|not want|wanna|wish|need to|get|receive|getting~ these|those|them|this $|any_more|no_more|from_you|coming|by_text|texts|emails|messages
            no_longer want|wish|care to? receive|get|have|these|the|your ...
            do_not|never|donot ever|please|be~ send|sending me|us|any|more|these|no|your|the|this_number|further|such|out|to_this|email|text~ TEXTS|anything_else|any_more|stuff|texts_to
            do_not send anything|nothing else|more to
            do_not|never|donot|not_to ever|be|you|fucking|please|bloody~ TEXT|texting me|us|this_number|this_phone|my_phone|this_line|here|this_cell|her_phone|this|no~ any_more|again|ever|$|please|no_more|thanks|thank_you|number|phone|or_i|and_i|i_am|im|number_again|cell
            ^ no|nah|zero more|automated|robo|further|damn|fucking|spam|marketing~ TEXTS|robocalls|calls $|please|thanks|thank_you|to_this|to_my|from_you|ever|at_all|texting_please|i|already|for_me
            no more of|these|those|your|fucking|damn|bloody|dang|them|text|sms|email~ TEXTS|robocalls|of_these|of_them|of_this $|please|thanks|thank_you|to|from|ever|at_all|love|i|already|for|check|my|STOP
            ^ no more of? these|those|this please|$
            need to? keep|be? texting|sending|messaging|text
            never|not signed_up|sign_up|signed|agreed|agree|asked|consented|consent|gave|give|approved for|to|up|permission|any|you|be|for|get|getting|receive|receiving|these|your|my|being|text~ TEXTS|texted|spam|these $|take|remove|stop|from|about|messages|please|at|get
            rather|prefer|like|prefer_to|would ... not|no|did_not to|get|getting|receive|have|receiving|be|sent|these|you|your|any|the|have~ TEXTS|TEXT|texted|receive|get
            not have|got|given|give my|our|any? permission to text|message|texting
            not consent|consenting to text|texts|sms|being_texted|messages|$
            consent revoked|withdrawn
            can|could|would|would_you_mind|mind you|awfully|please|kindly~ not TEXTING|text|message|email|send|sending me|us|this|my|it|any
            mind awfully? not TEXTING
            if no further|more .. mail|messages|texts|emails
            not interested in .. TEXTS
            DO_NOT CALL|call|ring|phone this|my? number|phone|cell|mobile|house|line|me again|any_more|$|please|ever|no_more
            do_not|never CALL|ring me|us? again|any_more|ever|$|or
            this is|i_am ... telephone_preference_service|do_not_call_list|do_not_call_registry
            on .. do_not_call list|registry
            tps registered|number
            telephone preference service
            under the? tcpa
            if you|u|ya text|message|email|call me|this|us|again .. again|once|one_more
            if i get|receive another|any_more|one_more TEXT|TEXTS
            text|message|email me again and|or|i
            use this number|phone for messages|texts
            do not want .. emails
        """,
        unless=_ELSEWHERE + _REPORTED + """
            did_not|not|never get|got|receive|received your|the|a|any|that|this|it|one
            get|getting|receive|got text|texts|message|messages|email|emails why
            need|want a|another reminder|letter
            want|need to|you_to get|talk|speak|call|hear
            mean|know|understand|see|read|believe|trust|recognise .. TEXTS
            scam|link|phishing
            text and drive
            text|message|email back
            no text|message|messages|email|mail|reminder .. received|came|yet|from_you_about
            without text|email
            no text|texts|messages|emails|mail|reminder|reminders ... why|to_say|telling|about_this
            i did|do|does not|nt TEXT
            stop reminders|messages because
            do_not|not need .. reminder .. i|ill
            cancel|remove|stop my|the|this
            you can message|text
            and drive
            you are dead if
            u|you never call
            stress|hassle i do_not need
            real|bank|company would|wouldnt not
            asked you not
            about him|her again
            his|her mother
            text me do_not
            want you never
            manager|someone to phone|ring
            bag|treatment|surgery|procedure|saline
        """,
        nowhere="""
            instead
            ^ please|and|just|ok~ email|call|ring|write|post|phone|whatsapp|mail|drop me|us|to|it|a !again
            and|but|please|so|ok|can_you|could_you|you_can email|call|ring|write|post|phone|whatsapp|mail|text me|to|it !again|any_more|ever
            just|only|rather|but email|call|ring|write|post|text|letter|letters
            prefer|preferred|easier
            keep text*|send*|messag*
            ^ text|email|message|txt|mail $
            dont|do_not call|ring|phone text|email|message
            < call|text|email|ring|write do_not
        """,
    ),
    Rule(
        "remove-me", "opt_out",
        says="""
            unsubscribe|unsubscribing me|us|my|please|now|this|number|email|$|immediately|from_your|from_this|from_all|from_these|from_the|and|all|the|u|thanks
            ^ unsubscribe
            please|to|want|can|so|i_said|must|and|now|just unsubscribe
            un subscribe
            opt|opting|opted me|us|my|this|number|you~ out $|please|of_your|of_text|of_these|of_texts|of_sms|of_messages|of_this|from|of_all|of_receiving|now|thanks|and|again|i
            want|like|wish|wanting|need|try|trying|going|please|how to? opt out
            remove|removing|delete|erase|block|drop|scratch|scrub|exclude|strike|pull|wipe me|us|my_number|my_phone|my_cell|my_email|my_mobile|this_number|this_email|this_phone|this_cell|this_address|my_name|my_details|my_address|my_info|my_contact|this_mobile
            remove|delete|pull my # .. please|thanks|$
            < remove|delete|off >
            address|number|name .. be removed|deleted|taken
            take|get|took|taking|taken me|us|this_number|my_number|my_phone|my_cell|my_email|my_mobile|my_address|my_name|our_number|this_phone|this_email|this_cell|number|my_#|this_mobile|my_details|my_e_mail|my_work_number off|out|outta !to|on|for|of_work|of_school|a|dinner|lunch
            take my .. number|phone|mobile|cell|email|address|name off|out
            take|get me|us .. off|out_of|outta your|this|the|ur|yall|these|ya|text|call|that .. list|system|database|texts|thing|messages|msgs|mailing|program
            mobile|cell|number|phone take it off
            off|from your|this|of|ur|ya mailing|text|call|contact|email|texting~ list|lists
            ^ off the? list|texts
            remove|delete this|it ... number|phone|cell|mobile .. from|off your|the|this
            < i? want off|out $|this|your|the_list
            lose my|this phone|mobile|cell? number|digits
            count|cut|leave me out of? .. texts|messages|list
            get rid of my number
            withdraw|revoke|rescind|revoking|withdrawing|revoked|withdrawn my|any|all|the|prior~ consent|permission .. text|texts|texted|sms|messages|message|messaged|texting|email|emails|be
            consent revoked|withdrawn
            come off your|the .. list
            off .. mailing list
            mute me
            do not use this number
            out take me
            be|get removed $|from_your|from_this|please|from_sms|from_text|from_all
            want|wish|like to opt out
            take me off
            doesnt|does_not work take me
            ^ please|now? optout|optedout please|$
            ^ opt out
        """,
        unless=_REPORTED + _NOT_TEXTS + """
            me|you|that|which out of|my|the_door
            removed|remove|off|taken|take ... late|credit|report|plan|fees|fee|autopay|debit|hold|record|bureau|experian
            remove|take|delete the|that|a|an|all !texts|number|email|list
            surgery
            without
            off my|the credit|account|plan|payment|debit|hook|back|chest|mind
            want|trying|going to opt|unsubscribe .. of|from netflix|gym|spotify
            out of pocket|work|town|hospital|money|country
            off work|sick|today|school|on
            get|got me|it out of|off
            opted|opt in|back
            DO_NOT|not trying|wanting|asking to|2 opt|unsubscribe
            opted out of|by
            bank_details|card_details|card|payment_details
            settlement|class_action|paperless|arbitration|estatements
            mailing list|address for|do
            not opting out
            DO_NOT|not say|ask|tell|mean|want
            newsletter|asos|hulu|kick
            drop me a|an
            never asked
            page|link|session|newsletter
            end|undo|cancel|reverse my? opt|unsubscribe
            do_not text list
            liable|tenancy|council_tax|his_mothers
            unsubscribe|unsubscribed from ... so
            will receive no further
            same as closing
            late charge
            keep|except the|my
            him|his|her|hers|them|late mother
            emails and just text
            from * account
            spins|casino|prize|msg
            del correo|de_emails|solo
            to #
            msg|restock|off_lashes|gym|finance|weekend_only|free|offers|delivery|boxes|sale
            chopper
            use my email
            opt out text|reply|msg|send
            rota|lashes|joining|kia|cbd|relief|trial
            stop2optout
            never|not said|asked|told|agreed|opted|opting|asking ... out|stop|unsubscribe|removed|opt
        """,
        nowhere="""
            put|sign me back
            off lashes
            # free
            only # a|per
            weekend only
            # for #
            # off
            for|off # ... opt
        """,
    ),
    Rule(
        "plain-stop", "opt_out",
        says="""
            < please|just|and|now|no|yes|ok|yeah|so|thanks|cheers|but|again|kindly|hey|hi|said|i_said|can_you|could_you|will_you|would_you|you_can|enough|reply|hello|not_interested|i_told_you_to|sir|madam|would_you_please|thank_you|dude|omg~ stop|stopp|st0p|stp now|please|it|this|that|already|all|these|thanks|thank_you|asap|immediately|period|ok|today|everything|forever|at_once|stop|right_now|god~ >
            ^ stop now|please|it|this|that|already|all|thanks|thank_you|asap|immediately|period|ok|forever|at_once|stop~ $
            ^ stop all of this
            stop to #
            begging you to stop
            ^ stop|stopp please|now|already|immediately|asap i|im|my|begging
            < stop wrong|not|i_paid|paid|scam|who|already_paid|you_robbing|phishing|asshole|deceased|contact|everyone|every
            stop end cancel|quit
            stop unsubscribe
            arret
        """,
        unless=_REPORTED + _NOT_TEXTS + """
            stop by|in|over|at|off|being|doing|asking|making|lying|payment|taking|charging|adding|saying|acting|wasting|with|bothering|harassing|contacting|hounding|calling|ringing|phoning|looking|chasing|billing|treating|pretending|trying|the|my|your|this|that|a|for|to|and_think|an|threatening|playing|talking|assuming|messing|ignoring|blaming|messing|it_with
            stop it you|lol|haha
            bus|full|pit|non|pain|whistle stop
            # stop
            stop every kind
            free|spins|casino|prize
            opt out
        """,
        nowhere="""
            stop|stopped ?
            instead
        """,
    ),
)  # fmt: skip
