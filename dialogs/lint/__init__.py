"""What is wrong with a pack that loads: its structure, what the law asks for, how it reads."""
