"""The console's router of the catalogue."""

from fastapi import APIRouter

from shengeng.http import error_answers

router = APIRouter(prefix="/v1/trade", tags=["trade"], responses=error_answers(401, 403, 404, 409, 413, 422))
