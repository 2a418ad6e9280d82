"""The HTTP door: the application, its edge (headers, limits, log), errors, health and jobs."""
