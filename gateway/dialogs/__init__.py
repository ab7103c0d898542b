"""Tools for those who write dialogs: their tests, a terminal phone, diagrams."""
