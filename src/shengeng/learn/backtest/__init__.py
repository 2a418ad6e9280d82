"""Backtest: every engine beside its simple baselines, on any canonical folder, never looking past the cut."""
