"""Informed trial and error on one body: design by lot, the chance to see something, and an honest verdict."""
