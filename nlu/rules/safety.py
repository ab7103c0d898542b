"""Signs of self-harm, said or hinted at. A miss costs more than a false alarm."""

from nlu.rules.table import Rule

SAFETY = (
    Rule(
        "kill-myself", "self_harm_risk",
        says="""
            kill|killing|killed|hang|hanging|drown|shoot|shooting|harm|harming|harmed|unalive|unaliving|cut|cutting|stab|poison|offing SELF
            hurt|hurting SELF
            top|topping|off SELF
            do|doing SELF in
            kms
            unalived
            unaliving|unalive
            self_harm|self_harming|self_harmed|selfharm
            end|ending|ended|take|taking|took|finish|finishing my own? life
            tried|trying|try to? end|finish my life
            end|ending it|everything all|tonight|now|today|for_good|2nite
            end|ending things
            overdose|overdosed|od
            got|have ... pills|tablets .. here|lined|front|ready|saved
            sitting|staring|looking ... pills|tablets
            pills|tablets lined up
            slit|slitting|cut|cutting my wrists|wrist|throat|arms
            back cutting
            started|been cutting again
            jump|jumping|step|stepping|throw|throwing|walk|walking .. off|in_front_of|under|infront ... bridge|roof|building|train|bus|cliff|balcony|lorry|truck|car|tube
            taking myself out
            thinking|thinkin ... jumping|ending_it|bridge|rope
            ctb
            better_off dead|gone
            worth more .. dead
            wish|wished|wishing i was|were|be dead
            rather be dead
            let me die
            want|wanna|wanting|wants|ready|going|decided|choose to? just? die
            make|makes|making me want to die
            do|does not deserve to live
            should not be alive
            hope ... take|takes me quick
            if i jump
            i have|got a gun
            gun in .. mouth|hand
            to|of|on|about|wanna|going_to|just|2 end|ending it $
            end|ending it 2nite|tonight
            tried to end it
            rather|sooner be? dead|die
            may|might as well be|just? dead|die
            took|taking|take|taken all|too_many|a_whole|a_load|a_bottle .. PILLS
            took|taking|take all of? my PILLS
            i will just die
            would|will sooner hang
            do|dae SELF in
            joining|join my? son|wife|daughter|husband|mum|mom|dad tonight|soon
            want it all to end
            want to stop living
            somebody|someone should just? shoot|kill me
            bill my corpse
            from my grave
            i od on purpose
            wish the ... had killed me
            should|shouldve|should_have died in
            do not see why i should be alive
            suicidal|suicide|suicides|suicidality
            counted|counting|saving|hoarding out|up? all? my? pills|tablets
            attempted|attempt|tried my own? life|to_die
            attempted suicide|twice
            am worth more
            finish|end|finishing myself
            want only? to die
            to|2 die|dye $
            not wish|want|wont to? live|go_on_living
            be among the living
        """,
        unless="""
            committed|commits suicide
            died|dead|lost|killed ... suicide
            suicide ... last|watch|hotline|prevention|squad|note
            his|her|their suicide|overdose
            financial|credit|career|political|commercial suicide
            not suicidal|suicide|going_to_kill
            do not want to die
            suicide|suicidal ... pricing|prices|rates|fees
            thing suicidal
            overdosed|overdose ... and|he|she .. gone|died|passed
            son|daughter|brother|sister|he|she overdosed
            hurt|hurting myself at|on|lifting|working|playing|in|falling
            cut myself shaving|cooking|off
            kill|killing|killed myself working|at|trying|with|to|for|over|doing|laughing
            over|overtime|two_jobs|laughing
            end|ending things with|on|amicably
            ending it|things with|on
            end|ending ... contract|call|conversation|account|plan|subscription|agreement|lease
            take|took|taking ... my|the|his|her PILLS daily|every|at|for|because|regularly|in
            can not afford .. PILLS
            bank|account overdose
            over|od overdraft
            phone|battery|car|laptop dead
            get_paid|payday
            glad to see
            hope you
            jump .. on|at|to|through
            a|the movie|film|show|song
            ready to die on|laughing
            not|never going_to|am|would|been|will hurt|harm|kill|hurting|harming|killing|hanging
            i am not hurting|harming|suicidal
            how|what much|is to end
            would_a|prices|pricing are? suicide|suicidal
            accept|$ .. to end it
            #|pounds|offer .. to end|finish it
            go|should|you jump
            die than have|see|admit
            suicide burn|sauce|wings|doors
            do not|no_dont end it
            sooner be dead
            nobodys|no_one_is|no_one suicidal
            overdose er|bill|hospital|is
            months|years clean
            battery wants
            phone is|about
        """,
    ),
    Rule(
        "no-way-on", "self_harm_risk",
        says="""
            do|does|did not WANT to live|exist|be_alive|wake_up|carry_on|go_on|keep_living !with|at|in|there|near|over|under|here_any_more
            do not WANT to be here|around !when|for|on|at|if|any_longer_in
            can not go|carry on !holiday|vacation|with|the|a|line|your|my|this|it|there|to|here|about|that|strike
            can not do this|life any_more|no_more !on|by|through|over
            can not go on|live living?
            can not keep living
            no|any|the|see|what_is_the point|reason|purpose .. living|being|alive|live|existing|life|carry|carrying|exist|stay|wake|waking
            no_reason to wake|stay|live|be
            point ... carry|go|going|carrying|keep on|going
            why even be alive
            no point any_more $
            what_is the point any_more $
            nothing|not_much|something left? to live for
            nothing left for me $
            life is not|no|hardly worth
            not worth living
            give|giving|given|gave|giving up on life|living
            i give up on life
            hate my life and
            tired|sick|done|fed_up|enough|end|finished of|with being|living|existing|life|my_life !with|in|at|support|insurance
            had enough of living|life
            done living
            do life any_more|no_more
            WISH ... not|never wake|woke up
            WISH i|id did_not|never|had_not|dont wake|woke
            sleep|bed and|to|hoping .. not|never wake up
            not|never want to wake
            wish ... was|were not|never here|born|alive|existed
            wish i had never been born
            do|if not wake up tomorrow|in
            better_off|better|happier|fine|easier|do|doing without|if|once .. me|i_was|i_were|i_am not|gone|dead|around
            better_off|better|happier without me
            no_one would|will|wud .. miss|care|notice|bothered .. me|i|if
            would|will not .. miss me
            family|kids|everyone|they|wife ... better ... life_insurance
            life_insurance|policy|insurance ... when|if|once .. dead|die|gone|suicide
            life_insurance ... pay it|you
            will|would not be here|around|alive !at|on|when_you|to|until|for
            will|would not be here|around|alive much|long|for_much|by|after|next
            not be alive
            not going to be here|around|alive !on|at
            not going to make|see it|christmas|the|my
            will not see christmas|my|another
            i am|will be gone by|soon|and_i|before
            by_the_time you ... gone|dead
            worry|hearing|bother|deal ... about|from|with me much_longer|after_tonight|again_no_one|soon
            when|if i am dead|gone|in_the_ground
            be over when i am gone
            want|wanted it|everything|this all? to|2 end|stop|be_over all_of_it|me|everything|!texting
            want|wanted|need the pain to|2 stop|end
            disappear|dissappear|disapear for|forever|and
            say|tell ... goodbye ... kids|family|mum|mom|wife|daughter|son
            goodbye world|cruel|everyone
            this is my goodbye|last_message|final_message
            tell my kids|daughter|son|wife|mum|mom|family|children ... i love|sorry
            affairs in order
            one|only way out ... one|me|this|it
            no|a way out except|but|other
            no other? way out $
            way to clear this and
            do|can not see another|any|a|no way|future|out !to
            see no future
            no future $
            stood|sat|sitting|standing|stand on|by the bridge|roof|tracks|railway|ledge|edge
            over|on|push|pushing the edge
            dark|scary|bad|horrible|intrusive thoughts
            thoughts|thought of|about harming|ending|dying|death|hurting
            not|never feel|be|am|think .. safe !paying|giving|to|sending|using|with_your|clicking|doing|putting
            not safe on|with|by my|own|myself
            keep SELF safe
            alone with my thoughts
            something stupid|daft|silly|drastic $
            do something to SELF
            scared|afraid|frightened|worried ... what|that i|ill might|will|may|would|could do
            forgive me ... about_to|stay|for_what
            ready to go|join|be|meet and|my|with|the|him|her !to
            ready to meet my maker
            join|joining|follow|be_with|go_with|be .. my|with my? wife|husband|son|daughter|her|him|mum|mom|mama .. soon|tonight|in_heaven|now
            going to join her|him|them
            just want to|2 follow|go|be with? her|him
            hanging|hang it|myself all? up
            you will|youll|gonna|going_to find me dead|hanging
            hands on me
            burden to|on everyone|my|them|you|all
            nothing but a burden
            sorry to be a burden
            waste of space
            dead ... you will|can ... money
            will be dead
            maybe .. dead you will|would
            death of me and
            i .. quit ... life
            ending|end of? my life
            letting go
            fight left in me
            hold|holding on by|much
            through the night|weekend
            stopped taking my PILLS
            take|takes|took me in my sleep
            last .. time i go to bed
            close|ready to ending|end it
            rang|called|calling|phoned|texted|on_to|phone_to|phone_with|spoke_to|spoken_to|talked_to the? samaritans|988|crisis_line|crisis_team|crisis_text_line|suicide_line|suicide_hotline
            samaritans|crisis_line|crisis_counselor told|talked|said
            life is not worth
            lifes not worth
            god takes|take me
            have|got a plan and i
            i have a plan and it is not
            not be around|here for|by christmas|easter|friday_so|long
            stupid|daft if|tonight|soon
            think|thinking about not being|waking here|around|up
            if i am still alive
            wishing it was the last
            not going to see christmas|my|another
            there will not be a me
            no_one is going_to have to deal with me
            does the debt|die if|when i die
            if i die|died|was_gone .. kid|kids|wife|debt|does|husband|family
            strong enough to keep being
            disappearing|disappear for good
            think i want|wanna to? live any_more|anymore
            do not see the point
            just want it|everything|this all to|2 end|stop
            go be with her|him
            reason to wake up
            see .. way out
            want it all to stop
            cancel is me
            me being alive
            live like this no more|any_more
            given|giving away my .. dog|cat|things|stuff|belongings
            giving my stuff away
            only way you are getting it
            end of? it all
            wish i would never been born
            phone to|with the? samaritans|988|crisis
            crisis_line talked
            making|make my will
            tried to end it
            life . me
            thinking about driving into
            i|id od on purpose
            gun|rope or|and
            like my life $
            next time i will not survive
            decided i am not going to see
            at the top of the car_park|building|multi_storey|cliff|stairs_with
            am|sitting|stood|standing|up on the roof|bridge|ledge|edge
            < on the roof|bridge|ledge
            lost the will to
            no_longer wish|want to? live|go_on_living|be_alive|go_on|exist
            not expect|intend|want|plan to be alive|around|see_the_new_year
            be alive at|by|no_more|any_more
            not want|wont to? live|be_alive|wake|be_hear
            i|ill will not come back
            the bridge like|again|every|on
            have nobody|no_one to? carry|deal me|with_my_mess
            miss an old
            burden to|for everyone|my|them|you|all|everybody
            pills of my|i_saved
            other side of this
            not come back in
            my last correspondence
            here goodbye
            i am done being here
            better_off|better if i just? disappeared
            disappeared for good
            got|got_my|my|the rifle|noose|twelve_gauge .. $
            looking|look at the|that bridge|bridges|ledge on|like|every|and
            i_have|ive|i|have|already|done written|wrote|left|done my|a|the|each|goodbye|letters~ goodbye|letters|letter|note|suicide_note
            each of them a letter
        """,
        unless="""
            not be here|around|in friday|monday|tuesday|wednesday|thursday|saturday|sunday|tomorrow|today|to_sign|to_answer|until|next_week_on|working
            my|the phone|battery
            bad|dark thoughts about|on you|your|this_company
            burden of proof
            feel|am not safe|comfortable paying|giving|sending|clicking|with
            do not feel safe .. giving|paying|sending|putting|using|with_your
            edge of my seat|town
            i am not|never
            letting go of|me|him|her|staff|people
            laid|let off|go from
            way out of this|the contract|lease
            kids|children live|living|stay with
            do not want to live with|in|near
            i quit my job
            sick|tired of being poor|broke|skint|messed|told|ignored|treated|hassled|harassed|chased|lied|asked
            way out of paying|debt
            reach|reached the samaritans
            see .. way out of my|the|this lease|contract|house
            holiday|vacation|cruise|abroad|travelling|traveling|back_on|moving|moved|lease
            website|app|page|link
            builder|builders|dog is|roofer
            letters they|open
            not my|refuse
            mail|letters .. best
            ride|rides|come_on|come_by|property|front_seat|hunting
            write me letters
            you have|ve written
            six|to|from|by|you|your letters
            HE|they|son|daughter will not be here
        """,
        nowhere="""
            you are|re not to write|ring|contact|reach
            cease all communications
        """,
        confidence=0.96,
    ),
    Rule(
        "someone-at-risk", "self_harm_risk",
        says="""
            kill|killing|hang|harm|hurt|top himself|herself|themselves|hisself
            HE|they wants|want|wanna|wanted to die|kill|end
            take|takes his|her|their own life
            talking|texted|says|said|told .. HE|they .. wants_to_die|end_it
        """,
        unless="""
            took|taken|committed|killed|hung|hanged
            HE died
            last|years|ago
        """,
        confidence=0.95,
    ),
)  # fmt: skip
