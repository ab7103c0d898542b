"""Stand-ins for the world outside, each its own process: the SMS provider and a host."""
