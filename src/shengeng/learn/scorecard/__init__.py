"""How well earlier expectations came true: settlements and calibration."""
