"""The sandbox: a payment provider to try a shop with, in a process of its own. No money moves."""

from shengeng.sandbox.application import create_app

__all__ = ["create_app"]
