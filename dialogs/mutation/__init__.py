"""One change at a time to a pack: whether its tests, the loader or other checks notice each."""
