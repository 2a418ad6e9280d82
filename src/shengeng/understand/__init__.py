"""Estimates made from facts."""
