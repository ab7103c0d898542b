"""Understanding what customers write."""
