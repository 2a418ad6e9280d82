"""Which field of a form a refusal is about, so that it stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shengeng.kernel.errors import ShopError
from shengeng.storefront.asking import Scene

_BY_CODE = {
    "bad_phone": "phone",
    "bad_email": "email",
    "weak_password": "password",
    "contact_taken": "contact",
    "no_contact": "contact",
}


def beside(scene: Scene, refused: ShopError | None, names: Collection[str]) -> Mapping[str, str]:
    """The refusal by the name of its field, where the form has that; empty for what is about the whole."""
    if refused is None:
        return {}
    name = str(refused.params.get("name", "")) or _BY_CODE.get(refused.code, "")
    if name in ("email", "phone") and name not in names:
        name = "contact"
    return {name: refused.text(scene.lang)} if name in names else {}
