"""High-precision rules for what must not be missed or mistaken, as tables an expert can read."""
