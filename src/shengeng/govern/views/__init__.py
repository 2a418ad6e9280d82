"""Saved views: a page's address under a name, one operator's own."""
