"""How many units of each product will be wanted next week, as a distribution."""
