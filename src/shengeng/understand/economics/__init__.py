"""What customers cost and what they bring: acquisition cost, payback, repurchase, where to spend next."""
