"""The append-only record of what happened: numbered in order, and read back."""
