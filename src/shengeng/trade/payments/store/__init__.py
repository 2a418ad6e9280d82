"""Tables of payments and every question to them."""
