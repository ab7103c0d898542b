"""Secret links to the customer's pages: their life, proof of who is there, and taking payments."""
