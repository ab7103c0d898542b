"""Instalments that are taken from saved methods: agreed, announced, taken when due, once."""
