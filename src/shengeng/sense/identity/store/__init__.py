"""Rows of identity, and what of them the lake knows."""
