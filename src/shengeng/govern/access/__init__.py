"""Who may come in: operator accounts, sessions, API tokens, and the patience we have with guesses."""
