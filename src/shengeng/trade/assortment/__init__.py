"""Products as a merchant keeps them: texts, variants and prices at once, many at a time, as tables."""
