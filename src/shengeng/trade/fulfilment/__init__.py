"""Fulfilment: how goods reach the buyer, what that costs, where they are."""
