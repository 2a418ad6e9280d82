"""The shop itself: its profile, its clock (as_of), and the assumptions people may edit."""
