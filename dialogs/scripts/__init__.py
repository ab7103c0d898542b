"""Scripted conversations: a pack's own tests, read, played and counted. Pure."""
