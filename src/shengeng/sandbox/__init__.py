"""A payment provider to try with: a process of its own that answers, delays, repeats and fails on demand."""
