"""Members: accounts of buyers, their sessions, addresses and tiers."""
