"""The one router under which pricing stands."""

from __future__ import annotations

from fastapi import APIRouter

from shengeng.http import error_answers

router = APIRouter(
    prefix="/v1/trade", tags=["pricing"], responses=error_answers(400, 401, 403, 404, 409, 413, 422)
)
