"""Tables of privacy, and the look into everything else."""
