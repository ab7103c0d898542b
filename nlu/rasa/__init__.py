"""Rasa: a project to train it on, a client that asks it, a server in its place."""
