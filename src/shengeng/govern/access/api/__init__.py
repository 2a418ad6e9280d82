"""Accounts, sessions and tokens: what doors and other capabilities call."""

from shengeng.govern.access.api.accounts import (
    change_operator,
    change_password,
    create_operator,
    first_operator,
    operators,
    reset_password,
)
from shengeng.govern.access.api.hashing import fits, hashed, new_password, outdated
from shengeng.govern.access.api.patience import Patience, admit_at, knock_at
from shengeng.govern.access.api.sessions import authenticate, check_site, csrf_of, digest, sign_in, sign_out
from shengeng.govern.access.api.tokens import create_token, revoke_token, tokens
from shengeng.govern.access.contracts import Entered, NewOperator, NewToken, Operator, Token

__all__ = [
    "Entered",
    "NewOperator",
    "NewToken",
    "Operator",
    "Patience",
    "Token",
    "admit_at",
    "authenticate",
    "change_operator",
    "change_password",
    "check_site",
    "create_operator",
    "create_token",
    "csrf_of",
    "digest",
    "first_operator",
    "fits",
    "hashed",
    "knock_at",
    "new_password",
    "operators",
    "outdated",
    "reset_password",
    "revoke_token",
    "sign_in",
    "sign_out",
    "tokens",
]
