"""The service: the only place with I/O wiring."""
