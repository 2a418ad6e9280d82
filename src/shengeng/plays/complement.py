"""Complement: suggest what goes with the last basket to those who did not buy it lately.

Needs `affinity` (what goes together). The gain is assumed: of those who would not buy the complement in the
window, a share does because of the suggestion: `complement_response` (editable, 80% between half and twice
of it) where the other stands in one of ten baskets, and more or less as that is likelier or not. A purchase
brings its margin, a suggestion costs a contact. What facts can check is the forecast: how many would have
bought it anyway, learnt on earlier weeks with the pairs that were known before them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from shengeng.decide.ledger.contracts import (
    GroupProposal,
    Json,
    Proposal,
    Reason,
    Slate,
    SubjectKind,
    Worth,
    customer_and_product,
    customer_product,
)
from shengeng.decide.treat import api as treat
from shengeng.decide.treat.contracts import (
    COMPLEMENT_METHOD,
    OTHERS,
    PAST_WEEKS,
    USUAL_LIKELIHOOD,
    Treatment,
)
from shengeng.kernel.units import Interval
from shengeng.plays.morning import Morning
from shengeng.plays.untreated import Untreated, nobody_known

NO_SUGGESTION: Json = {"suggestion": False, "channel": None}


@dataclass(frozen=True, slots=True)
class Complement(Untreated):
    """Customer x product that goes with what they just bought."""

    key: str = "complement"
    subject_kind: SubjectKind = "customer_product"
    forecast_unit: str = "buyers"
    default_policy: str = "no_suggestion"
    default_action: Json = field(default_factory=lambda: NO_SUGGESTION)

    def propose(self, morning: Morning) -> Slate:
        """One complement a customer, where it is worth its contact, grouped by department."""
        given = morning.assumptions
        suggestion = Treatment("message", "message", given.complement_response, given.contact_cost_minor)
        chosen = treat.complements(
            morning.lake,
            morning.as_of,
            suggestion,
            margin_rate=given.margin_rate,
            leave=morning.left_alone(self.key) | {customer_and_product(key)[0] for key in morning.taken},
            left_before={
                weeks: morning.reached_by_others(self.key, weeks_ago=weeks)
                for weeks in range(1, PAST_WEEKS + 1)
            },
        )
        everyone = np.arange(chosen.rows.num_rows, dtype=np.int64)
        return morning.slate(
            method=COMPLEMENT_METHOD,
            assumptions={
                "complement_response": suggestion.response,
                "response_low": suggestion.response_low,
                "response_high": suggestion.response_high,
                "usual_likelihood": USUAL_LIKELIHOOD,
                "margin_rate": given.margin_rate,
                "contact_cost_minor": given.contact_cost_minor,
            },
            groups=self._groups(chosen),
            gain=chosen.gain_of(everyone),
            forecast=chosen.buyers_of(everyone),
            nothing_because=None if len(everyone) else _nothing_because(morning, chosen),
        )

    def _groups(self, chosen: treat.Complements) -> list[GroupProposal]:
        members: dict[str, list[int]] = defaultdict(list)
        for row, department in enumerate(chosen.rows["department"].to_pylist()):
            members[department or OTHERS].append(row)
        return [self._group(chosen, key, rows) for key, rows in members.items()]

    def _group(self, chosen: treat.Complements, key: str, members: Sequence[int]) -> GroupProposal:
        rows = np.array(members, dtype=np.int64)
        found = chosen.rows.take(members)
        return GroupProposal(
            group_key=key,
            team=self.team,
            gain=chosen.gain_of(rows),
            forecast=chosen.buyers_of(rows),
            reason=Reason("goes_with", {"lift": round(float(np.median(found["lift"].to_numpy())), 1)}),
            proposals=[_proposal(chosen, row) for row in members],
            title_params={
                "customers": len(members),
                "products": len(set(found["product_id"].to_pylist())),
            },
            evidence={
                "estimate": "affinity",
                "found": chosen.found,
                "learnt_from": chosen.learnt_from,
                "scale": round(chosen.level, 3),
            },
        )


def _proposal(chosen: treat.Complements, row: int) -> Proposal:
    found = chosen.rows.slice(row, 1).to_pylist()[0]
    gain = Interval(*(float(end) for end in chosen.gains[row]))
    only = np.array([row], dtype=np.int64)
    return Proposal(
        subject=customer_product(found["customer_id"], found["product_id"]),
        title=found["title"],
        action={"suggestion": True, "channel": None},
        default_action=NO_SUGGESTION,
        worth=Worth(gain, chosen.treatment.contact_cost_minor, chosen.buyers_of(only)),
        evidence={
            "probability": round(float(chosen.probability[row]), 4),
            "goes_with": found["to_title"],
            "bought_on": found["bought_on"].isoformat(),
            "together": found["together"],
            "lift": round(found["lift"], 2),
            "likelihood": round(found["likelihood"], 4),
            "times": found["times"],
            "response": round(min(chosen.treatment.response * float(chosen.fit[row]), 1.0), 4),
            "spend_minor": round(found["spend_minor"]),
            "margin_minor": round(float(chosen.margin_minor[row]), 1),
        },
        customer_id=found["customer_id"],
        product_id=found["product_id"],
    )


def _nothing_because(morning: Morning, chosen: treat.Complements) -> Reason:
    found = Reason("none_worth_a_contact", {"due": chosen.found})
    return nobody_known(morning) or (found if chosen.found else Reason("nothing_goes_with"))
