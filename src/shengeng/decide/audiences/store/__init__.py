"""Rows of saved audiences; facts and estimates of people as Ibis expressions."""
