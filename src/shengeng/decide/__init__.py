"""Choices and the one ledger they all stand in."""
