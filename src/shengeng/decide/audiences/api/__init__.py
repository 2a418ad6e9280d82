"""What others may ask of audiences."""

from __future__ import annotations

from shengeng.decide.audiences.api.explaining import evidence
from shengeng.decide.audiences.api.following import Looked, follow, held, waits
from shengeng.decide.audiences.api.looking import preview
from shengeng.decide.audiences.api.privacy import erase_person, export_person
from shengeng.decide.audiences.api.reading import checked, names, node_words, words, written
from shengeng.decide.audiences.api.saving import (
    archive,
    audience,
    audiences,
    create,
    edit,
    restore,
    used_by,
    versions,
)
from shengeng.decide.audiences.api.standing import changes, history, members
from shengeng.decide.audiences.api.vocabulary import templates, vocabulary

__all__ = [
    "Looked",
    "archive",
    "audience",
    "audiences",
    "changes",
    "checked",
    "create",
    "edit",
    "erase_person",
    "evidence",
    "export_person",
    "follow",
    "held",
    "history",
    "members",
    "names",
    "node_words",
    "preview",
    "restore",
    "templates",
    "used_by",
    "versions",
    "vocabulary",
    "waits",
    "words",
    "written",
]
