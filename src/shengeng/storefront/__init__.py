"""The shop that buyers see: pages, the public API, payment notices and the event edge."""
