"""The use cases that every screen shares."""
