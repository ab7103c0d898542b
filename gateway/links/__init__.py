"""Secure links: one that lives for each account and purpose, and how it ends."""
