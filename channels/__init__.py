"""Channel adapters: how messages leave and arrive."""
