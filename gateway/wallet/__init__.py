"""Customers' saved payment methods: as tokens of their providers, never as card data."""
