"""Write keys: who may send facts in, and which pages may."""
