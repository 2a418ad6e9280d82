"""What each customer will buy again, and when: next-purchase chances a customer and product."""
