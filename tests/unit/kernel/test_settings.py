import pickle
from pathlib import Path

import pytest

from shengeng.kernel.errors import Refusal, ShopError
from shengeng.kernel.settings import Settings, read_settings


def test_nothing_set_gives_the_embedded_defaults() -> None:
    settings = read_settings({})
    assert (settings.database_url, settings.port, settings.worker) == ("", 8600, True)
    assert settings.home.is_absolute()


def test_each_setting_is_read_from_its_own_variable() -> None:
    env = {
        "SHENGENG_HOME": "/srv/shop",
        "SHENGENG_PORT": "9000",
        "SHENGENG_WORKER": "0",
        "SHENGENG_LOG_FORMAT": "json",
    }
    assert read_settings(env) == Settings(home=Path("/srv/shop"), port=9000, worker=False, log_format="json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "many"),
        ("PORT", "65536"),
        ("WORKER", "yes"),
        ("LOG_LEVEL", "loud"),
        ("MEMORY_LIMIT", "-1GB"),
        ("CYCLE_HOUR", "24"),
        ("HOME", ""),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_limit(name: str, value: str) -> None:
    with pytest.raises(ShopError) as refused:
        read_settings({f"SHENGENG_{name}": value})
    assert f"SHENGENG_{name}={value}" in str(refused.value)
    assert refused.value.params["limit"]


def test_an_error_speaks_both_languages_and_survives_a_process_border() -> None:
    gone = Refusal(
        "gone", "not_found", en="{what} is gone: look elsewhere.", zh="{what}已不存在：请另寻。"
    ).error(what="X")
    again = pickle.loads(pickle.dumps(gone))
    assert (again.kind, again.code, str(again)) == ("not_found", "gone", "X is gone: look elsewhere.")
    assert again.text("zh") == "X已不存在：请另寻。"
