"""Which identifiers are one person: a function of the edges, whatever order they came in."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from shengeng.kernel.units import Bools, Ints
from shengeng.sense.identity.contracts import KINDS, Graph, Persons

# Devices that one identifier is seen with before it is taken for a machine's or a test's.
MOST_DEVICES = 100
# Identifiers of one kind that one customer has before the number is taken for a shared account.
MOST_OF_CUSTOMER = 20
# Customers that one person can be: beyond it chance links (gifts, a family's phones) have run together.
CROWD = 10
SHARED, WHOLE_CROWD, MANY = 1, 2, 3  # places in contracts.REASONS


def resolve(graph: Graph, most_customers: int) -> Persons:
    """Persons of a graph.

    An identifier of more customers (or other identifiers of one kind) than most_customers is shared and
    merges nothing; what is left falls into components of customers and identifiers without devices; one of
    more than CROWD customers is dissolved; a device joins the one component that it is seen with, and none
    when there are several.
    """
    n = len(graph.kind)
    shared = graph.shared | _shared(graph, most_customers)
    open_ = ~(shared[graph.a] | shared[graph.b])
    device = graph.kind == 0
    # Devices never make persons one, so they are no bridge between what is looked at together.
    alike = open_ & (device[graph.a] == device[graph.b])
    cluster = _components(n, graph.a[alike], graph.b[alike])
    strong = alike & ~device[graph.a]
    rim_a, rim_b = _rim(graph.settled)
    part = _components(n, np.append(graph.a[strong], rim_a), np.append(graph.b[strong], rim_b))
    crowded = _crowded(graph, part)
    part = _dissolve(part, crowded)
    part, many = _with_devices(graph, part, open_)
    blocked = np.select([shared, crowded, many], [SHARED, WHOLE_CROWD, MANY], 0).astype(np.int64)
    return Persons(_heads(graph, part), blocked, cluster)


def _rim(settled: Ints) -> tuple[Ints, Ints]:
    """Edges that hold together the nodes of each settled person."""
    rim = np.flatnonzero(settled >= 0)
    by = rim[np.argsort(settled[rim], kind="stable")]
    same = settled[by][1:] == settled[by][:-1]
    return by[:-1][same], by[1:][same]


def _components(n: int, a: Ints, b: Ints) -> Ints:
    """(node,) a label by component."""
    if not len(a):
        return np.arange(n, dtype=np.int64)
    matrix = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(n, n))
    return np.asarray(connected_components(matrix, directed=False)[1], np.int64)


def _shared(graph: Graph, most_customers: int) -> Bools:
    """(node,) seen with more identifiers of one kind than one person's has."""
    n, kinds = len(graph.kind), len(KINDS)
    ends = np.concatenate([graph.a, graph.b])
    others = np.concatenate([graph.b, graph.a])
    counts = np.bincount(ends * kinds + graph.kind[others], minlength=n * kinds).reshape(n, kinds)
    devices, strong = counts[:, 0], counts[:, 1:].max(axis=1, initial=0)
    limit = np.where(graph.kind == 1, MOST_OF_CUSTOMER, most_customers)
    # Several people on one device are looked at by its own rule, as long as they are few.
    limit = np.where(graph.kind == 0, MOST_OF_CUSTOMER, limit)
    return np.asarray((strong > limit) | (devices > MOST_DEVICES))


def _crowded(graph: Graph, part: Ints) -> Bools:
    """(node,) in a component of more customers than one person is."""
    customers = np.bincount(part, weights=graph.kind == 1, minlength=int(part.max(initial=-1)) + 1)
    return np.asarray(customers[part] > CROWD)


def _dissolve(part: Ints, alone: Bools) -> Ints:
    """The labels with every node that is to stand alone in a component of its own."""
    start = int(part.max(initial=-1)) + 1
    return np.where(alone, start + np.arange(len(part)), part)


def _with_devices(graph: Graph, part: Ints, open_: Bools) -> tuple[Ints, Bools]:
    """Labels with devices in the one component they are seen with; and which devices have several.

    Devices linked to each other (an alias) are looked at together first; where that group has several
    components, each of its devices is looked at alone.
    """
    n, device = len(part), graph.kind == 0
    both = open_ & device[graph.a] & device[graph.b]
    group = _components(n, graph.a[both], graph.b[both])
    _, torn = _one_home(graph, part, open_, group)
    group = np.where(torn[group] & device, n + np.arange(n), group)
    home, torn = _one_home(graph, part, open_, group)
    # A group that is seen with nobody is a person of its own.
    alone = int(part.max(initial=-1)) + 1 + group
    label = np.where(device, np.where(home[group] >= 0, home[group], alone), part)
    return np.unique(label, return_inverse=True)[1].astype(np.int64), device & torn[group]


def _one_home(graph: Graph, part: Ints, open_: Bools, group: Ints) -> tuple[Ints, Bools]:
    """By group of devices: the one component it is seen with (-1 = none), and whether there are several.

    A component with a customer goes before one of loose identifiers: a number typed into a form may be
    somebody else's.
    """
    device = graph.kind == 0
    size = int(group.max(initial=-1)) + 1
    named = np.zeros(int(part.max(initial=-1)) + 1, bool)
    named[part[(graph.kind == 1) | graph.bought]] = True
    here = open_ & (device[graph.a] != device[graph.b])
    dev = np.where(device[graph.a], graph.a, graph.b)[here]
    other = part[np.where(device[graph.a], graph.b, graph.a)[here]]
    home, torn = np.full(size, -1, np.int64), np.zeros(size, bool)
    for with_customer in (False, True):
        which = named[other] == with_customer
        low, high = _span(group[dev][which], other[which], size)
        found = high >= 0
        torn = np.where(found, low < high, torn)
        home = np.where(found, np.where(low == high, low, -1), home)
    return home, torn


def _span(group: Ints, part: Ints, n: int) -> tuple[Ints, Ints]:
    """(group,) the lowest and highest component label; high < low where there is none."""
    low, high = np.full(n, np.iinfo(np.int64).max), np.full(n, -1, np.int64)
    np.minimum.at(low, group, part)
    np.maximum.at(high, group, part)
    return low, high


def _heads(graph: Graph, part: Ints) -> Ints:
    """(node,) who names its component: customers, then others, devices last; the earliest edge; text.

    An identifier that only shared or cut edges touch still has its earliest sight among `first`.
    """
    n = len(part)
    seen = np.full(n, np.iinfo(np.int64).max)
    for end in (graph.a, graph.b):
        np.minimum.at(seen, end, graph.first)
    rank = np.select([graph.settled >= 0, graph.kind == 1, graph.kind == 0], [-1, 0, 2], 1)
    by = np.lexsort((graph.order, graph.kind, seen, rank, part))
    first = np.ones(n, bool)
    first[1:] = part[by][1:] != part[by][:-1]
    head = np.empty(int(part.max(initial=-1)) + 1, np.int64)
    head[part[by][first]] = by[first]
    return head[part]
