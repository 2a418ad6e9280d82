"""Whom to treat, with what: today the choice of repeat reminders."""
