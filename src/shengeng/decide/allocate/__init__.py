"""A budget over customers and treatments: one each, within money, channels and tiers."""
