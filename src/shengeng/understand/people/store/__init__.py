"""All Ibis of the capability: features, their refresh, the published estimate, a customer's timeline."""
