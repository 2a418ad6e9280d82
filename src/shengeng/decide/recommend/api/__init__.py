"""Products for the next basket: learnt once a week, ranked for every known day, read in milliseconds.

`ranking` is the order itself on histories (the backtest calls it), `weekly` the background work, `reading`
what doors ask for.
"""

from shengeng.decide.recommend.api.ranking import learn_order, ordered
from shengeng.decide.recommend.api.reading import rank
from shengeng.decide.recommend.api.weekly import due, train
from shengeng.govern.privacy.api import of_lake

__all__ = ["due", "erase_person", "export_person", "learn_order", "ordered", "rank", "train"]
export_person, erase_person = of_lake({"next_basket": "customer_id"})
