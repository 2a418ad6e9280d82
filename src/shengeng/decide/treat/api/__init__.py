"""Chooses whom to reach with what: reminders, ways to win back, complements; and what that is worth."""

from shengeng.decide.treat.api.choosing import Reminders, identified, reminders, worth_of_one
from shengeng.decide.treat.api.completing import Complements, complements
from shengeng.decide.treat.api.grouping import groups_of, nothing_because
from shengeng.decide.treat.api.winning import Offered, at_risk, winning_back

__all__ = [
    "Complements",
    "Offered",
    "Reminders",
    "at_risk",
    "complements",
    "groups_of",
    "identified",
    "nothing_because",
    "reminders",
    "winning_back",
    "worth_of_one",
]
