"""Questions of a backtest to a folder's tables, as Ibis expressions."""
