"""The background worker's tasks, gathered from the capabilities that have some."""

from shengeng.decide.audiences import jobs as audiences
from shengeng.decide.recommend import jobs as recommend
from shengeng.govern.privacy import jobs as privacy
from shengeng.kernel.clock import wall_now
from shengeng.plays import refresh, replay
from shengeng.sense.connect import jobs as connect
from shengeng.sense.events import jobs as events
from shengeng.sense.exports import jobs as shop_exports
from shengeng.sense.identity import jobs as identity
from shengeng.sense.orders import jobs as orders
from shengeng.storage import tidying
from shengeng.storage.queue import Queue
from shengeng.trade.checkout import jobs as checkout
from shengeng.trade.orders import api as shop_orders
from shengeng.trade.orders import jobs as order_jobs
from shengeng.trade.payments import jobs as payments
from shengeng.trade.pricing import jobs as pricing
from shengeng.understand.personas import jobs as personas
from shengeng.worker.personal import WIRING


def register(queue: Queue) -> None:
    """Tells the queue every task that may run in the background."""
    connect.register(queue, wall_now)
    events.register(queue, wall_now)
    shop_exports.register(queue, wall_now)
    orders.register(queue, wall_now)
    identity.register(queue, wall_now)
    replay.register(queue, wall_now)
    refresh.register(queue, wall_now)
    recommend.register(queue)
    audiences.register(queue, wall_now)
    personas.register(queue)
    privacy.register(queue, wall_now, WIRING)
    pricing.register(queue, wall_now)
    payments.register(queue, wall_now, shop_orders.hear, shop_orders.claim)
    order_jobs.register(queue, wall_now)
    checkout.register(queue, wall_now)
    tidying.register(queue)
