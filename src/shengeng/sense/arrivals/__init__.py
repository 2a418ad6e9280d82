"""Who has new facts: a list that every reader follows at its own pace."""
