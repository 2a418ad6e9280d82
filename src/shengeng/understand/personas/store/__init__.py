"""All Ibis of the capability: baskets counted, and what is published."""
