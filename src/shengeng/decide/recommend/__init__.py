"""What to put before each customer: products for the next basket, with reasons that add up."""
