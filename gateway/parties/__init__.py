"""Who reads at an address: the right party and how that was proven, or somebody else."""
