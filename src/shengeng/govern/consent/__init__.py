"""What each person allowed: by purpose and channel, with proof; rows are added and never changed."""
