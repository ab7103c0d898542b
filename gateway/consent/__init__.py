"""Consent: the append-only ledger of what customers, hosts and providers said, and its effects."""
