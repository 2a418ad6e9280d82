"""Facts that arrive from outside: canonical folders, imports, and the lake tables they publish."""
