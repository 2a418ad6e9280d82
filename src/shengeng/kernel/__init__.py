"""Values every capability shares: money, ids, units, clock, errors, settings. No IO, no domain noun."""
