"""Why messages went or did not, and whether one could go: the contact rules told to people."""
