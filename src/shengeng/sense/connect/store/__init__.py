"""All reading and writing of `connect`: files, the lake, and the tables of imports."""
