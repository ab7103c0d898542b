"""Dialogs that strategists write: loading, deciding and wording, all of it pure."""
