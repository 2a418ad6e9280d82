"""Signatures, encryption and matching: pure functions on bytes and rows."""
