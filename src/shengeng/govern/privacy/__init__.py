"""What a person may ask of the shop: a copy of everything it holds on them, its erasure, a restriction."""
