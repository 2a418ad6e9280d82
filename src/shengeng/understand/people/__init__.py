"""Who the shop's customers are: features of each as of any day, nothing after the cut."""
