"""From bytes to canonical tables: reading, recognising, cleaning, adding up. Pure."""
