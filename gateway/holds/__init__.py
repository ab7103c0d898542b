"""Holds: what keeps messages back for a while, who began it, and what ends it."""
