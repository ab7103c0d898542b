"""Email's own side of the road: tokens, threads, and what becomes of a mail by its kind."""
