"""Teams: whose decision it is. An operator may belong to several."""
