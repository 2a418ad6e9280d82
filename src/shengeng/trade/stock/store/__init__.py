"""Rows of stock."""
