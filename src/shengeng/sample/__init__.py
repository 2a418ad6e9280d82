"""The sample shop: goods, pictures, prices, stock and delivery of our own making, marked as such."""

from shengeng.sample.loading import load

__all__ = ["load"]
