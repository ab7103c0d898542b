"""Versions of dialog packs: published, withdrawn, rolled back, and taken over while running."""
