"""Orders: placed, paid, sent, cancelled; what happened to each, and what it comes to."""
