"""/v1/audiences: sentences about customers, who they are true of, and why."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from shengeng.decide.audiences import api
from shengeng.decide.audiences.contracts import Audience, Evidence
from shengeng.decide.audiences.routes.shapes import (
    AudienceChange,
    AudienceChanges,
    AudienceDay,
    AudienceDraft,
    AudienceEdit,
    AudienceEvidence,
    AudienceEvidenceLeaf,
    AudienceEvidenceRow,
    AudienceHistory,
    AudienceList,
    AudienceMember,
    AudienceMembers,
    AudiencePreview,
    AudienceRow,
    AudienceSample,
    AudienceSentence,
    AudienceTemplate,
    AudienceTemplates,
    AudienceVersion,
    AudienceVocabulary,
    PersonId,
)
from shengeng.http import (
    Cursor,
    Limit,
    Now,
    Operator,
    Shop,
    Speaks,
    Unit,
    Viewer,
    error_answers,
    from_cursor,
    to_cursor,
)

router = APIRouter(
    prefix="/v1/audiences", tags=["audiences"], responses=error_answers(401, 403, 404, 409, 422)
)


@router.get("")
def list_audiences(_: Viewer, uow: Unit, lang: Speaks) -> AudienceList:
    """Every audience that is not archived, newest change first."""
    found = api.audiences(uow)
    return AudienceList(rows=[_row(uow, one, lang) for one in found])


@router.post("", status_code=201)
def create_audience(
    who: Operator, body: AudienceDraft, uow: Unit, stores: Shop, *, now: Now, lang: Speaks
) -> AudienceRow:
    """Saves a sentence under a name (operator); its members are evaluated at once in the background."""
    definition = api.checked(stores, uow, body.definition)
    return _row(uow, api.create(uow, who, definition, now, name=body.name, note=body.note), lang)


@router.post("/preview")
def preview_audience(
    _: Viewer, body: AudienceSentence, uow: Unit, stores: Shop, *, now: Now, lang: Speaks
) -> AudiencePreview:
    """How many the sentence is true of now, by node, and some of them; nothing is written."""
    began = time.perf_counter()
    definition = api.checked(stores, uow, body.definition)
    found = api.preview(stores, uow, definition, now)
    names = api.names(stores, uow, definition, lang)
    return AudiencePreview(
        count=found.count,
        of=found.of,
        took_ms=round((time.perf_counter() - began) * 1000, 1),
        sample=[AudienceSample.model_validate(one) for one in found.sample],
        per_node=dict(found.per_node),
        as_at=found.as_at,
        words=api.words(definition, lang, names),
        node_words=api.node_words(definition, lang, names),
    )


@router.post("/evidence")
def explain_sentence(
    _: Viewer,
    body: AudienceSentence,
    person: Annotated[PersonId, Query()],
    uow: Unit,
    stores: Shop,
    *,
    now: Now,
    lang: Speaks,
) -> AudienceEvidence:
    """Why a sentence that nobody saved is true of somebody, or not."""
    definition = api.checked(stores, uow, body.definition)
    names = api.names(stores, uow, definition, lang)
    return _evidence(
        api.evidence(stores, uow, definition, person, now), api.node_words(definition, lang, names)
    )


@router.get("/vocabulary")
def read_audience_vocabulary(_: Viewer, uow: Unit, stores: Shop) -> AudienceVocabulary:
    """What can be named: events seen, categories, places, stages, tiers, personas, aspects, traits."""
    return AudienceVocabulary.model_validate(api.vocabulary(stores, uow))


@router.get("/templates")
def list_audience_templates(_: Viewer, uow: Unit, stores: Shop, lang: Speaks) -> AudienceTemplates:
    """Sentences to begin with, fitted to this shop's own categories; nothing is created."""
    rows = [
        AudienceTemplate(
            key=one.key,
            name_zh=one.name_zh,
            name_en=one.name_en,
            about_zh=one.about_zh,
            about_en=one.about_en,
            definition=api.written(one.definition),
            words=api.words(one.definition, lang),
        )
        for one in api.templates(stores, uow)
    ]
    return AudienceTemplates(rows=rows)


@router.get("/{id}")
def read_audience(_: Viewer, id: UUID, uow: Unit, lang: Speaks) -> AudienceRow:
    """One audience, an archived one too."""
    return _row(uow, api.audience(uow, id), lang)


@router.put("/{id}")
def edit_audience(
    who: Operator, id: UUID, body: AudienceEdit, uow: Unit, stores: Shop, *, now: Now, lang: Speaks
) -> AudienceRow:
    """A new version in place of the one seen (operator); conflict where somebody else was faster."""
    definition = api.checked(stores, uow, body.definition, of=id)
    names = {"name": body.name, "note": body.note}
    edited = api.edit(uow, who, id, definition, now, seen=body.version, **names)
    return _row(uow, edited, lang)


@router.delete("/{id}")
def archive_audience(who: Operator, id: UUID, uow: Unit, now: Now, lang: Speaks) -> AudienceRow:
    """Archives it (operator): its history stays, it is not kept current any more."""
    return _row(uow, api.archive(uow, who, id, now), lang)


@router.post("/{id}/restore")
def restore_audience(
    who: Operator, id: UUID, uow: Unit, stores: Shop, *, now: Now, lang: Speaks
) -> AudienceRow:
    """Takes an archived one back into the list (operator); its members are found anew in the background."""
    api.checked(stores, uow, api.written(api.audience(uow, id).definition), of=id)
    return _row(uow, api.restore(uow, who, id, now), lang)


@router.get("/{id}/versions")
def list_audience_versions(_: Viewer, id: UUID, uow: Unit, lang: Speaks) -> list[AudienceVersion]:
    """Every version, newest first."""
    return [
        AudienceVersion(
            version=one.version,
            name=one.name,
            note=one.note,
            definition=api.written(one.definition),
            words=api.words(one.definition, lang),
            by=one.by,
            at=one.at,
        )
        for one in api.versions(uow, id)
    ]


@router.get("/{id}/members")
def list_audience_members(
    _: Viewer, id: UUID, uow: Unit, cursor: Cursor = None, limit: Limit = 50
) -> AudienceMembers:
    """Who is in it, who came last first."""
    seen = from_cursor(cursor, str, str)
    after = None if seen is None else (datetime.fromisoformat(str(seen[0])), str(seen[1]))
    rows, total = api.members(uow, id, after=after, limit=limit)
    more = to_cursor(rows[-1].since.isoformat(), rows[-1].person_id) if len(rows) == limit else None
    return AudienceMembers(rows=[AudienceMember.model_validate(row) for row in rows], total=total, next=more)


@router.get("/{id}/evidence")
def explain_audience_member(
    _: Viewer,
    id: UUID,
    person: Annotated[PersonId, Query()],
    uow: Unit,
    stores: Shop,
    *,
    now: Now,
    lang: Speaks,
) -> AudienceEvidence:
    """For one person and each condition: the rows that decide it, and the figure against the bound."""
    definition = api.audience(uow, id).definition
    names = api.names(stores, uow, definition, lang)
    return _evidence(
        api.evidence(stores, uow, definition, person, now), api.node_words(definition, lang, names)
    )


@router.get("/{id}/changes")
def list_audience_changes(
    _: Viewer, id: UUID, uow: Unit, cursor: Cursor = None, limit: Limit = 50
) -> AudienceChanges:
    """Who entered and left, newest first."""
    seen = from_cursor(cursor, int)
    rows = api.changes(uow, id, before=int(seen[0] or 0) if seen else None, limit=limit)
    more = to_cursor(rows[-1].id) if len(rows) == limit else None
    return AudienceChanges(rows=[AudienceChange.model_validate(row) for row in rows], next=more)


@router.get("/{id}/history")
def read_audience_history(_: Viewer, id: UUID, uow: Unit) -> AudienceHistory:
    """Its size by local day, with who came and went."""
    return AudienceHistory(days=[AudienceDay.model_validate(day) for day in api.history(uow, id)])


def _row(uow: Unit, found: Audience, lang: Speaks) -> AudienceRow:
    same = {name: getattr(found, name) for name in AudienceRow.model_fields if name in Audience.__slots__} | {
        "definition": api.written(found.definition),
        "words": api.words(found.definition, lang),
        "used_by": api.used_by(uow, found.id),
    }
    return AudienceRow.model_validate(same)


def _evidence(found: Evidence, words: dict[str, str]) -> AudienceEvidence:
    leaves = [
        AudienceEvidenceLeaf(
            path=leaf.path,
            op=leaf.op,
            words=words[leaf.path],
            held=leaf.held,
            figure=leaf.figure,
            compare=leaf.compare,
            bound=leaf.bound,
            rows=[AudienceEvidenceRow.model_validate(row) for row in leaf.rows],
            total=leaf.total,
            due_at=leaf.due_at,
        )
        for leaf in found.leaves
    ]
    return AudienceEvidence(person_id=found.person_id, held=found.held, as_at=found.as_at, leaves=leaves)
