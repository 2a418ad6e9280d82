"""One short file per tactic, and the day that runs them all."""
