"""A collections conversation on this machine: the real service, a simulated phone and mailbox."""
