"""The strategy's sections and capabilities, in its own headings and order, with what truly stands today.

`reported` is what the strategy behind this project reports of others; it is quoted as such and never
stands for a figure of this shop. `now` says which part works when it is not the whole.
"""

from __future__ import annotations

from shengeng.console.strategy_ground import GROUND, PEOPLE, SUPPLY, SUSTAINABILITY
from shengeng.console.strategy_growth import CHANNELS, CONTENT, INTELLIGENCE, USERS

SECTIONS = (USERS, CONTENT, SUPPLY, INTELLIGENCE, CHANNELS, SUSTAINABILITY, PEOPLE, GROUND)
