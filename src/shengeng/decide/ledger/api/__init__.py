"""What others may ask of the ledger."""

from shengeng.decide.ledger.api.asking import (
    decision,
    decisions_of_customer,
    decisions_of_products,
    expected,
    group,
    judged_by_people,
    list_decisions,
    list_groups,
    slates_of,
)
from shengeng.decide.ledger.api.doing import cancel, claim, complete, edit, fail
from shengeng.decide.ledger.api.judging import Verdict, expire, judge, judge_group
from shengeng.decide.ledger.api.personal import erase_person, export_person
from shengeng.decide.ledger.api.proposing import budget_left, contacts, open_subjects, propose
from shengeng.decide.ledger.api.ruling import change_rule, enrol, play_rules, rule_of
from shengeng.decide.ledger.api.settling import details, outcomes, settle, windows

__all__ = [
    "Verdict",
    "budget_left",
    "cancel",
    "change_rule",
    "claim",
    "complete",
    "contacts",
    "decision",
    "decisions_of_customer",
    "decisions_of_products",
    "details",
    "edit",
    "enrol",
    "erase_person",
    "expected",
    "expire",
    "export_person",
    "fail",
    "group",
    "judge",
    "judge_group",
    "judged_by_people",
    "list_decisions",
    "list_groups",
    "open_subjects",
    "outcomes",
    "play_rules",
    "propose",
    "rule_of",
    "settle",
    "slates_of",
    "windows",
]
