"""Orders as senders write them into rows of the canonical file, and who they speak of."""
