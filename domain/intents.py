"""The intents, the order that names the primary one, and the order that chooses the reply."""

INTENTS = (
    "promise_to_pay", "pay_now", "request_plan", "request_extension", "settlement_offer",
    "already_paid", "balance_query", "dispute", "debt_validation", "wrong_person", "deceased",
    "bankruptcy", "attorney_represented", "identity_theft", "hardship", "vulnerability",
    "self_harm_risk", "complaint", "cease_contact", "opt_out", "opt_in", "help",
    "channel_preference", "agent_request", "scam_suspicion", "affirm", "deny", "greeting",
    "thanks", "auto_reply", "abusive", "out_of_scope",
)  # fmt: skip

NAMING_ORDER = (
    "self_harm_risk", "deceased", "bankruptcy", "attorney_represented", "identity_theft",
    "cease_contact", "wrong_person", "opt_out", "dispute", "debt_validation", "vulnerability",
    "complaint", "abusive", "scam_suspicion", "already_paid", "settlement_offer",
    "request_plan", "promise_to_pay", "pay_now", "request_extension", "hardship",
    "balance_query", "channel_preference", "agent_request", "opt_in", "help", "auto_reply",
    "affirm", "deny", "greeting", "thanks", "out_of_scope",
)  # fmt: skip
"""Which of several intents is the primary one: the first that is present."""

REPLY_ORDER = (
    "self_harm_risk", "cease_contact", "opt_out", "wrong_person", "deceased", "bankruptcy",
    "attorney_represented", "identity_theft", "dispute", "debt_validation", "vulnerability",
    "complaint", "abusive", "scam_suspicion", "already_paid", "settlement_offer",
    "request_plan", "promise_to_pay", "pay_now", "request_extension", "hardship",
    "balance_query", "help", "opt_in", "channel_preference", "agent_request", "auto_reply",
    "affirm", "deny", "greeting", "thanks", "out_of_scope",
)  # fmt: skip
"""Which of several intents chooses the reply; every one found takes its effect."""
