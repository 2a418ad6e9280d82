"""The order core: facts that the shop itself writes."""
