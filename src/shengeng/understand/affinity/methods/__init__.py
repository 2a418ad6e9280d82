"""Repeat purchases as arithmetic on arrays: histories, rhythms, chances, calibration, ranking."""
