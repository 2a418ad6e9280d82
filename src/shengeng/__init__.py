"""Shengeng: the operating system of a shop that grows by depth, not by traffic."""

__version__ = "0.1.0"
