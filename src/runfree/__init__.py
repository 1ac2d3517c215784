"""Runfree: one film in, an honest report out."""

__version__ = "0.1.0"
