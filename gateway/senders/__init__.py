"""A client's own addresses at work: which one writes to whom, how fast, how much, and whether."""
