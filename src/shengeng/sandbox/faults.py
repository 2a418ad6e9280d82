"""What can go wrong with a provider, switched on by whoever tries the shop."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Faults(BaseModel):
    """How the sandbox misbehaves. Everything off: notices come at once, once, in order, and true."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    delay_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    copies: Annotated[int, Field(ge=1, le=10)] = 1
    reorder: bool = False
    lose: bool = False
    forge: bool = False
    wrong_amount: bool = False
    refuse_refunds: bool = False
    refund_delay_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    away: bool = False
