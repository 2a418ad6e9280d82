"""Outcomes: what decisions and estimates turned out to be worth."""
