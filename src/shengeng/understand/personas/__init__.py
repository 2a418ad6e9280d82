"""Scenes of buying, learnt from when people buy and what goes together, and who is how far in them."""
