"""Products for the next basket: learnt once a week, ranked for every known day, read in milliseconds.

`ranking` is the order itself on histories (the backtest calls it), `weekly` the background work, `reading`
what doors ask for.
"""

from shengeng.decide.recommend.api.ranking import learn_order, ordered
from shengeng.decide.recommend.api.reading import rank
from shengeng.decide.recommend.api.weekly import due, train

__all__ = ["due", "learn_order", "ordered", "rank", "train"]
