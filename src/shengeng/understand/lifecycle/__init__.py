"""Where each customer stands: stage and value tier as of a day, every change recorded as a fact."""
