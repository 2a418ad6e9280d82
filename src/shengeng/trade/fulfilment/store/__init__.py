"""Rows of fulfilment."""
