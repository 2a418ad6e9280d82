"""Secrets, names and patience as pure functions."""
