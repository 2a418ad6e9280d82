"""How long shoppers wait after wrong passwords; counted apart from tries at operators' passwords."""

from __future__ import annotations

from datetime import timedelta

from shengeng.govern.access.api import Patience

# After 5 wrong passwords 1 s, 2 s, 4 s ... 5 minutes. Thousands of shoppers may share one address of a mobile
# network, so that one is patient for longer and never makes anybody wait more than a minute.
MEMBER_PATIENCE = Patience(5, timedelta(minutes=5))
ADDRESS_PATIENCE = Patience(100, timedelta(minutes=1))
SIGN_UP_PATIENCE = Patience(50, timedelta(minutes=5))
