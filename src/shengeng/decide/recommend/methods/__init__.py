"""The order of candidates as arithmetic on arrays: learnt, calibrated, explained."""
