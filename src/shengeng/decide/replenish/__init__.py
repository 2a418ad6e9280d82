"""How many units to have next week, and what that is worth against stocking last week's sales."""
