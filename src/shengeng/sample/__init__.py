"""The sample shop: goods, prices, stock and promotions of our own making, marked as such."""
