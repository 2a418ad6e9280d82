"""Audiences: who a sentence about facts and estimates is true of, kept current as facts arrive."""
