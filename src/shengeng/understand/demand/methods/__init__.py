"""Weekly matrices, the level of each series, and the joint draws of the week to come. Pure."""
