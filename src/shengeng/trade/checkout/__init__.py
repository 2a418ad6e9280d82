"""Checkout: baskets, what they come to, and the one moment in which one becomes an order."""
