"""Payments: what buyers owe, what providers say of it, refunds, and the one ledger of the money."""
