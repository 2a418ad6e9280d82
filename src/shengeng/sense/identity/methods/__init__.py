"""Which identifiers are worth something, and which of them are one person."""
