"""What holds for the whole source: floors, sizes, locks, and the files that run it elsewhere."""
