"""Telling quoted mail, signatures and footers from what a person wrote, line by line."""
