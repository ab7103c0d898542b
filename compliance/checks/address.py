"""Who writes, to which address, and by whose rules."""

from compliance.checks.case import PASSED, Case, Finding, refused


def jurisdiction(case: Case) -> Finding:
    """A message is judged by its own jurisdiction's rules or not sent."""
    if case.message.jurisdiction == case.rules.jurisdiction:
        return PASSED
    return refused(
        f"a message for {case.message.jurisdiction} met the rules of {case.rules.jurisdiction}"
    )


def sender(case: Case) -> Finding:
    """No sender goes live without its registration evidence (carriers: 10DLC, short codes)."""
    if case.facts.sender_approved:
        return PASSED
    return refused("the sender is not approved: register it and record the evidence")


def address(case: Case) -> Finding:
    """An address that failed for good, or is not the customer's, gets nothing more."""
    return PASSED if case.facts.address_valid else refused("the address is invalid")
