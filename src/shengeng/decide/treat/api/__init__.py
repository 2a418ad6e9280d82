"""Chooses repeat reminders: whom to remind of what this week, and what that is worth."""

from shengeng.decide.treat.api.choosing import Reminders, identified, reminders, worth_of_one
from shengeng.decide.treat.api.grouping import groups_of, nothing_because

__all__ = ["Reminders", "groups_of", "identified", "nothing_because", "reminders", "worth_of_one"]
