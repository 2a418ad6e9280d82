"""How Hypothesis calls a door many times: nothing is shrunk, kept or timed."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def calls(examples: int) -> settings:
    """So many calls, the same ones at each commit; other ones each time where there are thousands."""
    return settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
        deadline=None,
        derandomize=examples < 1000,
    )
