"""Tests; servers.py starts real PostgreSQL and Redis for them."""
