"""Prices, promotions, coupons: what a basket costs, why, and who bears each discount."""
