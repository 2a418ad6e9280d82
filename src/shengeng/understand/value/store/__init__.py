"""All Ibis of the capability: purchase days, the published estimate, customers ranked by their value."""
