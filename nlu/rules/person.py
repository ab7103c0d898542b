"""Texts that reached somebody else than the customer."""

from nlu.rules.table import Rule

PERSON = (
    Rule(
        "wrong-number", "wrong_person",
        says="""
            wrong number|numbers|no|person|guy|girl|man|woman|lady|dude|bloke|fella|one|phone|email|house|chap|individual|party|contact|human|recipient|kid|grandma|persons|lad|household|family|mr|mrs|addressee|place !of|to_pay|amount|on_the|in_the_statement
            incorrect number|contact|person
            wrong #
            numero equivocado
            mistaken identity
            mistaken|confused|mixing|mixed me up? for|with
            must have me|the mixed|confused|wrong
            reached|got|have|emailed|texted|texting|texted|rang|contacted the? wrong|incorrect !amount|balance|address|figure|card|price|date|info
            this? came to|reached|got_to me by|in mistake|error
            text|texting|messaging|emailing|calling a stranger
            complete stranger
            not|never known|lived at this|here
            one digit off
            got your wires crossed
            wrong|rong number
        """,
        unless="""
            wrong number|person|one|man|party|account|address|email|phone of|on_the_bill|for_the|billed|charged|earlier|last_time|before
            wrong number on|in my|the|your|this bill|account|statement|form|cheque
            not|isnt|not_a|no the|a? wrong number|person
            gave|give|put|entered|typed|wrote|dialled|dialed|called|rang|texted|sent|have_my you|in|it|down|to|them|u|yall|him? the|a? wrong
            billed|charged|paid|pay the wrong
            is this|did_i|do_i_have the? wrong
            wrong one|place is
            has_my|have_my|got_my wrong number|email|phone|address
            my wrong
            debited|took ... wrong
            same wrong
            old number
            wrong person answered|picked
            i|we called|rang|got|reached|texted|dialled the? wrong
            payroll|darts|decimal|domino|dominos
            not|no es the|numero|saying|it_is|equivocado
            wrong house again
            number on my
            en la factura
            wrong tariff|end|meter
            wrong number is? on my|the|your
            digit|code|hsbc|party
            are we still
            the partys
        """,
        nowhere="""
            new number is|please
        """,
    ),
    Rule(
        "not-here", "wrong_person",
        says="""
            no_one|nobody|none|no here|by|called|named|of|with|works|lives|at|on|like ... name|called|here|that|this_number|named|this_phone|us
            no_one|nobody called|named|here_called|here_named
            no one by|of|with|named|called
            there is|are|was no|not|no_one|not_a|no_such .. here|at_this|on_this|called|named|by|living|with_that|person|name
            there is no mr|mrs|ms|miss|one_called
            have no employee|one|tenant|resident|guest|patient|member|person .. by|of|called|named|that
            < no ... here|aqui|on_this_phone|lives_here >
            not|never a? heard of him|her|them|this_person|that_person|anyone|mr|mrs|ms $|or_you|in_my|called|and|sorry|named|take
            never heard of
            never met|known the|this|that|him|her|gavin
            he|she|they|person|tenant|occupier|guy|people|one|family|lady|man|woman do|does|did not live|stay|reside|work here|at|there|with|wiv any_more|no_more|this
            DO_NOT live|stay|reside|work here|at_this
            has|have not|nt lived|worked here|at|with
            no_longer live|lives|work|works|here|at here|at_this|$
            moved away|out|house|to ... years|months|ago|spring|summer|fall|left_no
            HE|they moved|has_moved|moved_out|moved_away|relocated $|to|two|years|ago|and|in|out|last|months|so
            used to live|have|be|own here|this_number|this_phone|her_number|his_number|my_brothers|my_mums|my_moms|someone
            previous|former|old|last tenant|occupier|occupant|owner|resident|employee|owners
            tenant|employee|resident|occupier left|moved|vanished|you_want
            have|got|had|has this|the number|phone|email|sim before|for|since|last|two|six|three|#|now|years|months|ages
            got|bought|activated|given|inherited this|a|my|the new? number|phone|sim|handset .. last|yesterday|week|month|off|from|ago|recently
            just|only|recently|newly got|had|activated|bought|given this number|phone|sim
            had this number|phone .. since|for|two|three|#|years|months|years_and
            been had this number
            number|phone|sim was|has_been given|issued|assigned|recycled|reassigned
            recycled number
            number belongs to me|my|someone|us|a|another
            this|that|it is now? my|mine|our|a|an|her_daughters|the .. phone|number|cell|email|mobile|line now|not_his|not_hers|and_i|has_been|years
            phone|number is not his|hers|theirs|her|him
            not|isnt|nt his|her|their|hers|that_persons number|phone|mobile|cell|email|address any_more|no_more|now|$|or
            this is not his|her|hers|their|the|a phone|number|email|cell|contact|for
            HE|they change|changed|got|has|have his|her|their|a|new|numbers|number phone|number|numbers|one|$
            changed|switched numbers
            HE|they DO_NOT|not|no_longer|has_not use|have|own|uses|used|has|got this|that number|phone|mobile|cell|email
            is not on|at|with this|here|us|that number|phone|any_more|address
            not on this number
            DO_NOT|not|idk|dunno|no_idea know|idea|recognise|sure? who|anyone|any|no|a|who_the|whoever he|she|that|they|this|is|called|named|by|person|such|it|person .. is|are|name|person|called|$|named
            DO_NOT know this|that|the person|man|woman|guy|lady|name|individual|him
            DO_NOT know him|her|them $|and|or|sorry|at_all
            do_not know an|any|no|a|who|anyone mr|mrs|ms|miss|person|called|such|named|anyone
            no idea who
            idk who that|he|she|this_is_for
            unknown to|at me|us|this
            who is this for
            not|isnt|aint|wasnt|never the|who|whom person|one|man|woman|guy|customer|who|right|girl|lady you|u|named|your|they|that|person|for
            am|im not who|whom|the_person|the_one|the_guy you|your|u|ur
            not|isnt|never the right person|number|man|lady|address
            not the customer|client|one you
            you want my brother|dad|father|uncle|son|sister|mum|mom
            meant|intended|supposed|addressed|meaning for|to|to_be|to_go|to_message|2 for|someone|somebody|another|the|a|my|message|him|her someone|somebody|else|another|previous|last|wrong|different|person|mr|mrs|ms|my
            messages|texts|letters|mail|emails|post|calls ... for|meant|addressed|asking someone|somebody|a|him|her|them|mr|mrs|jennifer|another|to else|named|called|stranger|person|a
            keep getting .. messages|texts|mail|calls|letters for
            same name different|and|not|but
            different person|guy|man|woman|bloke|people|birthday with|same|$|altogether
            has|have|got the? same name
            work|business|company|office|school|shop|church|front_desk|reception|shared phone|line|number|mobile|cell not|no_one|nobody|there|and|for|i_dont|issued|in|no
            this is a|an|the business|company|school|church|dental|barber|shop|motel|office|landline_for|primary|work ...
            reached|texting|emailing|texted a|an|the dental|doctors|school|church|business|vicar|shop|office|law|restaurant|salon|garage|nursery|pharmacy|hotel|different
            return|returned to sender
            gone away
            not known at
            listed as|a reference
            only|just a|her|his|an|the reference|emergency|landlord|neighbour|neighbor|babysitter|roommate|flatmate emergency|contact|on|$|tenant|not|for
            i am his|her|the|their neighbour|neighbor|roommate|flatmate|ex|landlord|sister|brother|mother|mum|mom|wife|boss|daughter|son|dad|father|carer|babysitter|caregiver not|and_he|and_she|he_does|she_does|he_doesnt|hes
            not him|her|them|she|he $|not|never|take|you_want|or|its|and_i
            < not him|her|me|mr|mrs|them|she|he
            name is not|nt close|that|even|on|a|who
            is not my name
            not my name
            names not even|close
            my name is ... not
            i am ... you want|are_after|are_looking
            i am not him|her|them|that|this|mr|mrs|ms|miss|the_guy|the_person|a_mr|that_person
            is not him|her|hers|she|he|them|that_person
            this|that|it is not|aint|never mr|mrs|ms|miss|him|her|who|his|them $|you|who|not|its|number|phone|that|she|and|sorry|or|at
            < this|that|it is not me $
            < it? is not me
            not related to
            no relation
            my ex|brother|sister|dad|cousin|father|uncle .. not me|mine $
            i am only|just the? landlord|neighbour|neighbor|babysitter
            landlord the tenant
            he|she left our|the|my employment|years|here
            not in any way that person
            he got evicted
            this|that was|is my|the|his|her|this ex|exs|mums|moms|dads|nans|sons|brothers|sisters|husbands|wifes|old|girlfriends|boyfriends old|phone|number|flatmate|not|mobile
            divorced ... not|dont|don
            used to be my|his|her|a
            stop|quit looking|asking for|here|her|him
            who is NAMED $|?
            ssn does not match
            not|never been|a been? a|an mr|mrs|crystal|anthony
            you want|after|need someone|somebody|another|a_different else|person|one
            after|looking_for|want someone else
            want|wanted|looking_for|after my|the brother|sister|dad|father|mum|mom|son|uncle|daughter|neighbor|neighbour|flatmate|previous|guy|bloke|man|lady ... not_me|same|who_had|who_lived|had|before|$|he_is|she_is
            for the guy|person|man who had
            is the baby|dog|pet sitter
            is the babysitter
            person no_longer has|uses|lives
            message|messages is|are not for me
            my mums|moms|dads|nans|sisters|brothers|boyfriends old|phone
            phone|number belongs to a|my
            addressee|individual|person|tenant ... vacated|never_resided|not_reside|not_living|not_live
            not the gentleman|lady|person named|addressed|in
            different NAMED
            no_longer the contact
            left no forwarding
            aint no NAMED
            my kids|sons|daughters phone|tablet
            is his|her sister|brother|mother|mum|mom|wife|husband|daughter|son $
            not live in|at|on this
            another|different NAMED|person with
            she|he gave you my number
            you must|have be|have mistaken|mistake
            aint|isnt|not|never me|him|her chief|mate|pal|guv|bro|love|duck
        """,
        unless="""
            who are|is you|this
            DO_NOT know who|what this|you|it is|are|company|$
            know who you
            no_one called|calls|answers|answered|helps|helped|told|rang|replied|picked|listens|cares|is_helping|got_back|will|ever_called me|us|back|the|my|or|you|to|from|about|when|says
            called|named me|us|you|him|back
            this is my new number|phone|mobile|email|cell
            my new number|phone|address|email is
            there is no|not money|way|point|more|need|reason|record|proof|debt|balance|account|one_to|option|link|excuse|food|work
            not me paying|being|who|that|doing
            scam|fraud|who_is_this
            payment|pay|paid ... not_me
            charge|bill|debt|account|signature|order|purchase|loan is|was not mine|me|his|her
            not him paying|you
            just got this bill|letter|message|text|email|phone_so_i
            if you are not
            my|a new phone|number so|i_lost|can_you|please|its|is
            update|change my
            i am not going|paying|sure|able|happy|trying
            died|passed|dead|deceased
            not my name on|debt
            the thief|fraud|stole
            name is not on
            wasnt me who
            gym|netflix|job
            kids|children|grandkids with me
            here right_now|at_the_moment|yet|till|until
            did|do not get
            moved in|into|sold|completed
            heard of you|your|this_company|this_debt|it|yall|crestline|furniture|ltd|inc
            theirs not me|mine
            got it wrong
            pays|authorised|opened|opens|took|stole|did ... not me
            fraudster|crook|con_man|thief|police|ssn|dob|stolen
            trustee|lawyer|attorney|program|them not me
            ring|call|text|contact them|him|my not me
            owe maya
            confused what
            what|how do you want
            signed|contract|agreement
            what company
            weird domain
            not me saying
            who the hell is this
            number for|on
            cashed my
            mixed up with all|the|these
            number is this
            personal person unknown
            by a person unknown
            you not them
            balance ?
            them|they say
            none of that
            talk to a
            no quiero
            one bad
            in my name
            at this company
            auto|emergency
            get_to|going_to me
            ^ not me
            lady|man died
            same name and
            breaking bad
            old owners
            stop looking for
            hit|text|call|use my mums|moms
            app
            takeaway|biryani
            asking for a code
            HE died
            did_not he
        """,
        nowhere="""
            balance ? never
        """,
        confidence=0.95,
    ),
    Rule(
        "not-named", "wrong_person",
        says="""
            am|im|was|this_is|that_is|it_is|she_is|he_is not fucking|called|a|that|your|the|any~ NAMED
            am|im|was|this_is|that_is|it_is not mr|mrs|ms|miss|dr *
            not|aint mr|mrs|ms|miss * $
            i am not NAMED $|and|take|stop|he|she|you|nor|but|i|its|this|for|leave|so|dude|bro|please|wrong|im|never|again|lol
            this|that|it is not NAMED $|and|its|this|stop|phone|number|sorry|he|she|never|unsubscribe|take
            < not|nope_not|nope|definitely_not|defo_not|nope_im_not NAMED $|never|take|stop|either|please|mate|sorry|unsubscribe
            ^ no NAMED here|lives|in|at|on|by $|house|number|any_more|this|that|pal|mate|sorry|or|here|employed
            ^ there|theres is? no NAMED here|at|on|living|in|with $|this|number|any_more|phone|us
            who|whos is|tf_is|the_hell_is|the_fuck_is NAMED ?|$|wrong|my|sorry|i|never
            do|does not know a|an|any|no|of NAMED $|sorry|never|and|who|or|at|this|here
            my name is NAMED not|and_not
            NAMED does|do not live|work|use|have|own|stay here|this|at|there|with
            NAMED no_longer live|lives|works|uses|here
            stop|keep|quit asking|looking|calling for NAMED
            i|im am not nor|and? never|have|been NAMED
            NAMED moved|left|is_not_here|isnt_here out|away|years|here|this|$|months|in|last|ages
            never|not|nt been a|an NAMED $
            not NAMED you|mate|pal|though
            i am NAMED not
            NAMED does not live|work|have
            not|nt a mr|mrs|ms|miss *
            is not NAMED phone|number|any_more
            is not NAMED
            no NAMED here|works|lives|at
            mr|mrs|ms|miss * does not|no_longer live|work|use
            there is no mr|mrs|ms|miss
            you keep calling me
            still not NAMED
        """,
        unless="""
            who is it|this|calling|speaking|that|responsible|in|the|asking|on|my|your|collecting|suing
            is not me|you|mine|yours|good|it|right|fair|fun|possible|working|ok|fraud|spam|true|correct|possible|legal|enough|today|cool|much|real|funny|about|that|what|how|so|the|a|my|over|nice|acceptable
            not me|mine|him|her|sure|paying|now|today|yet|really|good|great|fair|interested|happy|again|true|possible|working|right|well|ok|bad|cool|fine|yet|available|that|much|it|broke|dead|rich|stupid|dumb|an|a_robot|able|sorry|fully|only|even|so
            calling me at
        """,
        confidence=0.93,
    ),
)  # fmt: skip
