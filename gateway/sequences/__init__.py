"""Sequences at work: their runs are rows, started in bulk, taken step by step, ended by events."""
