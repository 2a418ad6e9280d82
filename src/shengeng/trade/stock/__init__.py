"""Stock: what lies where, what is promised to whom, and that nothing is promised twice."""
