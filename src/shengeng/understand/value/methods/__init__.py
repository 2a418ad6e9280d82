"""Lifetime value as arithmetic on arrays: counting model, spend model, prediction."""
