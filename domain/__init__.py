"""The words of the field as values: pure, without I/O, clock or randomness."""
