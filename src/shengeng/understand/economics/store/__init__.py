"""All Ibis of the capability: spend in the lake, cohorts of first orders, what customers brought since."""
