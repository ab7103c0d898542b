"""Whether a message may go, and when: pure rules whose facts and time come in as arguments."""
