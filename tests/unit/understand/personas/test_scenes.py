"""Laws of the scenes: sums that are exact, ids that stay, nothing said without evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
import scipy.sparse as sp

from shengeng.understand.personas import api
from shengeng.understand.personas.contracts import LEAST_BASKETS, SLOTS, Counts, Scenes
from shengeng.understand.personas.methods.naming import Habit, names, when
from shengeng.understand.personas.methods.scenes import agreement, apart, belonging, explained, fold, matched
from shengeng.understand.personas.methods.standing import cards, layout, usable
from shengeng.understand.personas.methods.surprise import features
from shengeng.understand.personas.methods.themes import theme_of

DAY = date(2025, 6, 1)
CATEGORIES = (
    "DRUG GM > BABY FOODS",
    "DRUG GM > DIAPERS",
    "GROCERY > BEERS/ALES",
    "GROCERY > SOFT DRINKS",
    "MEAT > BEEF",
    "MEAT > PORK",
    "PRODUCE > APPLES",
    "PRODUCE > CITRUS",
)
DEPARTMENTS = ("DRUG GM", "GROCERY", "MEAT", "PRODUCE")
# Who buys what and when: four groups of two categories each, at a slot of their own.
HOMES = ("weekday_morning", "weekend_night", "weekday_evening", "weekend_midday")


def shop(customers: int = 240, *, baskets: int = 20, seed: int = 3) -> tuple[Counts, np.ndarray]:
    """A made-up shop of four groups of customers, and which group each belongs to."""
    rng = np.random.default_rng(seed)
    group = np.arange(customers) % 4
    category, slot = np.zeros((customers, 8)), np.zeros((customers, len(SLOTS), 4))
    visits = np.zeros((customers, len(SLOTS)))
    for who in range(customers):
        for _ in range(baskets):
            home = rng.random() < 0.8
            at = SLOTS.index(HOMES[group[who]]) if home else int(rng.integers(len(SLOTS)))
            mine = rng.random() < 0.8
            held = rng.choice(2, size=2, replace=False) + 2 * group[who] if mine else rng.integers(0, 8, 2)
            visits[who, at] += 1
            for one in set(held.tolist()):
                category[who, one] += 1
                slot[who, at, DEPARTMENTS.index(CATEGORIES[one].split(" > ")[0])] += 1
    found = Counts(
        [f"c{who:04d}" for who in range(customers)],
        CATEGORIES,
        DEPARTMENTS,
        sp.csr_array(category),
        sp.csr_array(slot.reshape(customers, -1)),
        visits,
        visits * 1000,
        np.full(customers, 20_000),
        20_364,
    )
    return found, group


@pytest.fixture(scope="module")
def learnt() -> tuple[Counts, np.ndarray, Scenes]:
    counts, group = shop()
    scenes = api.learn_scenes(counts, DAY)
    assert scenes is not None
    return counts, group, scenes


def test_the_groups_that_made_the_baskets_are_found(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, group, scenes = learnt
    _, belongs = api.place(counts, scenes)
    pure = [len(set(group[belongs == scene].tolist())) for scene in range(len(scenes.ids))]
    assert max(pure) == 1
    assert (belongs >= 0).mean() > 0.7


def test_memberships_sum_to_one_and_their_reasons_to_each_weight(
    learnt: tuple[Counts, np.ndarray, Scenes],
) -> None:
    counts, _, scenes = learnt
    rows = features(counts)
    weights = fold(rows, scenes.profiles)
    assert weights.sum(axis=1) == pytest.approx(1.0)
    for who in (0, 1, 2, 3):
        mine, parts = explained(rows[[who]], scenes.profiles)
        assert mine == pytest.approx(weights[who], abs=1e-12)
        assert parts.sum(axis=0) == pytest.approx(weights[who], abs=1e-12)
        assert (parts >= 0).all()


def test_a_customer_with_few_baskets_belongs_nowhere(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, _, scenes = learnt
    few = counts.baskets.copy()
    few[0] = 0
    few[0, 0] = LEAST_BASKETS - 1
    _, belongs = api.place(replace(counts, baskets=few), scenes)
    assert belongs[0] == -1


def test_flat_weights_belong_nowhere() -> None:
    weights = np.array([[0.34, 0.33, 0.33], [0.6, 0.2, 0.2], [0.0, 0.0, 0.0]])
    assert belonging(weights, np.ones(3, dtype=bool)).tolist() == [-1, 0, -1]


def test_the_same_facts_give_the_same_scenes(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, _, scenes = learnt
    again = api.learn_scenes(counts, DAY)
    assert again is not None
    assert np.array_equal(again.profiles, scenes.profiles)
    assert again.ids == scenes.ids


def test_another_seed_places_customers_alike(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, _, scenes = learnt
    other = api.learn_scenes(counts, DAY, seed=2)
    assert other is not None
    assert agreement(api.place(counts, scenes)[1], api.place(counts, other)[1]) >= 0.9


def test_next_week_keeps_ids_and_places(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, _, scenes = learnt
    later, _ = shop(baskets=21)
    week = api.learn_scenes(later, DAY + timedelta(days=7), scenes)
    assert week is not None
    assert week.ids == scenes.ids
    assert week.chosen_on == scenes.chosen_on
    assert agreement(api.place(counts, scenes)[1], api.place(later, week)[1]) >= 0.9


QUARTER = DAY + timedelta(days=92)


def test_after_a_quarter_scenes_that_still_fit_stay_whatever_else_could_be_chosen(
    learnt: tuple[Counts, np.ndarray, Scenes],
) -> None:
    counts, _, scenes = learnt
    quarter = api.learn_scenes(counts, QUARTER, scenes)
    assert quarter is not None
    assert quarter.chosen_on == QUARTER
    assert quarter.ids == scenes.ids
    assert agreement(api.place(counts, scenes)[1], api.place(counts, quarter)[1]) >= 0.99


def test_after_a_quarter_scenes_that_no_longer_fit_are_replaced_and_their_ids_inherited(
    learnt: tuple[Counts, np.ndarray, Scenes],
) -> None:
    counts, _, scenes = learnt
    blurred = 0.5 * scenes.profiles[0] + 0.5 * scenes.profiles[1]
    poor = replace(scenes, profiles=np.stack([blurred, scenes.profiles[2]]), ids=("p7", "p4"))
    quarter = api.learn_scenes(counts, QUARTER, poor)
    assert quarter is not None
    assert len(quarter.ids) >= 4
    assert {"p7", "p4"} <= set(quarter.ids)
    assert "p8" in quarter.ids  # never an id that was given before
    assert apart(features(counts), quarter.profiles) < 0.98 * apart(features(counts), poor.profiles)


def test_starts_of_chance_find_the_scenes_of_clear_groups_again(
    learnt: tuple[Counts, np.ndarray, Scenes],
) -> None:
    counts, _, scenes = learnt
    alike, again = api.found_by_chance(counts, scenes, (1, 2, 3))
    assert -1 <= alike <= 1
    assert again.shape == (len(scenes.ids),)
    assert api.found_by_chance(counts, scenes, (1, 2, 3))[0] == alike


def test_a_category_that_is_new_this_week_changes_no_id(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, _, scenes = learnt
    extra = sp.csr_array(np.ones((len(counts.customer_ids), 1)))
    wider = replace(
        counts,
        categories=(*CATEGORIES, "TOYS > TOYS"),
        by_category=sp.csr_array(sp.hstack([counts.by_category, extra], format="csr")),
    )
    week = api.learn_scenes(wider, DAY + timedelta(days=7), scenes)
    assert week is not None
    assert week.ids == scenes.ids
    assert week.profiles.shape[1] == scenes.profiles.shape[1] + 1


def test_too_few_customers_give_no_scenes() -> None:
    counts, _ = shop(customers=39)
    assert api.learn_scenes(counts, DAY) is None


def test_the_cards_tell_what_when_and_how_many(learnt: tuple[Counts, np.ndarray, Scenes]) -> None:
    counts, group, scenes = learnt
    weights, belongs = api.place(counts, scenes)
    found = cards(counts, scenes, weights, belongs)
    assert sum(card.customers for card in found) == int((belongs >= 0).sum())
    assert sum(card.value_share for card in found) == pytest.approx((belongs >= 0).mean())
    baby = next(card for card in found if card.named.en.startswith("Cares for a baby"))
    assert "on weekday mornings" in baby.named.en
    assert baby.named.zh.startswith("工作日早上")
    assert len({card.named.en for card in found}) == len(found)
    assert usable(counts).all()
    assert len(group) == len(belongs)


def test_a_time_that_everybody_shares_is_not_named() -> None:
    even = np.full(len(SLOTS), 0.1)
    assert when(even, even) == ("", "")
    weekend = np.where(np.arange(len(SLOTS)) >= 5, 0.16, 0.04)
    assert when(weekend, even) == ("周末", "at weekends")


def test_a_category_that_no_theme_knows_is_called_by_its_name() -> None:
    assert theme_of("X > QQQ") is None
    habit = Habit(np.array([1.0, 0.5]), np.full(10, 0.1), np.full(10, 0.1), 1.0, 1.0)
    named = names([habit], ["X > QQQ", "X > ZZZ"])[0]
    assert named.en == "Often buys qqq and zzz"
    assert named.zh == "常买qqq、zzz"


def test_alike_scenes_get_names_that_differ() -> None:
    habit = Habit(np.array([1.0, 0.2]), np.full(10, 0.1), np.full(10, 0.1), 1.0, 1.0)
    told = names([habit, habit, habit], ["MEAT > BEEF", "DRUG > DIAPERS"])
    assert len({named.en for named in told}) == 3
    assert len({named.zh for named in told}) == 3


def test_the_adjusted_rand_index_is_one_for_renamed_groups_and_near_zero_for_chance() -> None:
    rng = np.random.default_rng(1)
    one = rng.integers(0, 4, 4000)
    assert agreement(one, (one + 1) % 4) == 1.0
    assert abs(agreement(one, rng.integers(0, 4, 4000))) < 0.02
    # Hubert & Arabie's index of {a,b},{c,d} against {a,b,c},{d}: 0.
    assert agreement(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])) == pytest.approx(0.0)


def test_scenes_are_matched_whatever_their_order() -> None:
    profiles = np.eye(4)
    order = np.array([2, 0, 3, 1])
    assert matched(profiles, profiles[order]).tolist() == [1, 3, 0, 2]


def test_alike_scenes_stand_near_on_the_map() -> None:
    similar = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.1], [0.1, 0.1, 1.0]])
    place = layout(similar)
    assert np.linalg.norm(place[0] - place[1]) < np.linalg.norm(place[0] - place[2])
    assert np.abs(place).max() <= 1.0
