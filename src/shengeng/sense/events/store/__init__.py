"""Rows and queries of the event edge."""
