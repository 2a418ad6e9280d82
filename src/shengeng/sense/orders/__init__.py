"""Orders as they happen: taken one by one, durable before the answer, merged into the facts."""
