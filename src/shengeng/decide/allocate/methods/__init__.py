"""The multiple-choice knapsack with side constraints, as arithmetic on arrays."""
