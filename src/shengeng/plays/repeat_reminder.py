"""Repeat reminder: tell customers what they are due for this week and might forget.

Needs `affinity`: the chance of buying in the window unasked, and the due date. The gain is assumed: of those
who would not have bought, a share (`reminder_response`, editable, its 80% between half and twice of it) buys
because of the reminder; a purchase brings the product's margin, a reminder costs a contact. What facts can
check is the forecast: how many of the reminded would have bought anyway. As long as no channel sends
anything, everybody is untreated, and the week itself shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from shengeng.decide.ledger.contracts import BAD_ACTION, DecisionDetail, Json, Slate, SubjectKind, Worth
from shengeng.decide.treat import api as treat
from shengeng.decide.treat.contracts import METHOD, ReminderTerms
from shengeng.plays.morning import Morning
from shengeng.plays.untreated import Untreated, left_alone
from shengeng.storage.lake import Lake

NO_REMINDER: Json = {"reminder": False, "channel": None}
_TERMS = ("response", "margin_rate", "contact_cost_minor", "reminders_per_customer")


@dataclass(frozen=True, slots=True)
class RepeatReminder(Untreated):
    """Customer x product, due this week."""

    key: str = "repeat_reminder"
    subject_kind: SubjectKind = "customer_product"
    forecast_unit: str = "buyers"
    default_policy: str = "no_reminder"
    default_action: Json = field(default_factory=lambda: NO_REMINDER)

    def propose(self, morning: Morning) -> Slate:
        """Reminders that are worth their contact, at most so many a customer, grouped by product category."""
        given = morning.assumptions
        terms = ReminderTerms(
            given.reminder_response, given.margin_rate, given.contact_cost_minor, given.reminders_per_customer
        )
        chosen = treat.reminders(
            morning.lake,
            morning.as_of,
            morning.window,
            terms,
            morning.taken,
            leave=morning.left_alone(self.key),
        )
        everyone = chosen.every
        return morning.slate(
            method=METHOD,
            assumptions={
                **{name: getattr(terms, name) for name in _TERMS},
                "response_low": terms.response_low,
                "response_high": terms.response_high,
            },
            groups=treat.groups_of(chosen, team=self.team, default_action=NO_REMINDER),
            gain=chosen.gain_of(everyone),
            forecast=chosen.buyers_of(everyone),
            nothing_because=treat.nothing_because(chosen),
        )

    def edited(self, decision: DecisionDetail, action: Json, _: Lake) -> tuple[Json, Worth]:
        """A reminder can be left out or be given a channel; its worth follows, the forecast stays."""
        wanted = {**decision.row.action, **action}
        reminder, channel = wanted.get("reminder"), wanted.get("channel")
        if set(wanted) != set(NO_REMINDER) or not isinstance(reminder, bool):
            raise BAD_ACTION.error(
                play=self.key, field="action", value=str(dict(action))[:80], limit="reminder: true, false"
            )
        if channel is not None and not (
            isinstance(channel, str) and channel.isprintable() and 0 < len(channel) <= 40
        ):
            raise BAD_ACTION.error(play=self.key, field="channel", value=str(channel)[:80], limit="1..40")
        if not reminder:
            return wanted, left_alone(decision)
        terms = ReminderTerms(**{name: decision.assumptions[name] for name in _TERMS})
        gain = treat.worth_of_one(decision.evidence["probability"], decision.evidence["margin_minor"], terms)
        return wanted, Worth(gain, terms.contact_cost_minor, decision.row.forecast)
