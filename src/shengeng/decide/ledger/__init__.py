"""The one ledger: a coupon and a stock transfer are the same kind of decision."""
