"""Flows as pictures: a graph of each, written for Mermaid or laid out as SVG. Pure."""
