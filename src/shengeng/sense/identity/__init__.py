"""Who is who: edges between identifiers, the persons they make, and why."""
