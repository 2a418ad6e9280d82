"""Mutants: one small fault at a time in money, stock and ledger code, to see that the tests tell."""
