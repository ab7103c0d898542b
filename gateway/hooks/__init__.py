"""Provider callbacks: verify, parse, store, and only then 2xx."""
