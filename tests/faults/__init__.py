"""Real processes that are killed and stopped at every step of the road, and who watches them."""
