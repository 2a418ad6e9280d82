"""The audit log: who did what to what, and when; rows are added and never changed."""
