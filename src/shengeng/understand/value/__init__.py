"""What a customer is worth: probability of being alive, expected orders and margin, with intervals."""
