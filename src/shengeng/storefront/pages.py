"""Every router of pages, in one place for `front`."""

from __future__ import annotations

from fastapi import APIRouter

PAGES: tuple[APIRouter, ...] = ()
