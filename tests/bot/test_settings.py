from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import Settings

SECRETS = {
    "DATABASE_URL": "postgresql://bot:db-hush@db.example/vliegwiel",
    "SLACK_BOT_TOKEN": "xoxb-hush",
    "SLACK_APP_TOKEN": "xapp-hush",
    "SLACK_SIGNING_SECRET": "signing-hush",
}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.load(env_file=None)


def test_settings_have_defaults_for_one_machine():
    settings = Settings.load(env_file=None)

    assert (settings.database_url, settings.is_sqlite) == ("sqlite:///var/vliegwiel.db", True)
    assert (settings.slack_bot_token, settings.slack_api_url) == (None, "https://slack.com/api/")
    assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 3000, "info")


@pytest.mark.parametrize(
    ("url", "understood"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("sqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
    ],
)
def test_database_address_is_taken_as_platforms_hand_it_out(monkeypatch: pytest.MonkeyPatch, url: str, understood: str):
    settings = load(monkeypatch, DATABASE_URL=url)

    assert (settings.database_url, settings.is_sqlite) == (understood, url.startswith("sqlite"))


def test_all_wrong_settings_are_named_at_once_without_their_values(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ConfigurationError) as refusal:
        load(
            monkeypatch,
            DATABASE_URL="mysql://user:hush@host/db",
            PORT="eighty",
            MESSAGES_PER_MINUTE="0",
            LOG_LEVEL="loud",
            SLACK_API_URL="slack.com/api",
        )

    headline, *lines = str(refusal.value).split("\n")
    named = sorted(line.removeprefix("  - ").split(":")[0] for line in lines)
    assert headline == "Wrong settings:"
    assert named == ["DATABASE_URL", "LOG_LEVEL", "MESSAGES_PER_MINUTE", "PORT", "SLACK_API_URL"]
    assert "hush" not in str(refusal.value)
    assert "must start with sqlite:/// or postgresql://" in str(refusal.value)


def test_all_missing_settings_are_named_at_once_with_where_to_find_them():
    settings = Settings.load(env_file=None)

    with pytest.raises(ConfigurationError) as refusal:
        settings.require("slack_bot_token", "slack_app_token", "slack_signing_secret")

    headline, *lines = str(refusal.value).split("\n")
    assert headline == "Missing settings; put them in .env (.env.example explains each):"
    assert [line.split(": ", 1) for line in lines] == [
        [f"  - {name.upper()}", Settings.where(name)]
        for name in ("slack_bot_token", "slack_app_token", "slack_signing_secret")
    ]


def test_required_setting_that_is_there_is_not_complained_about(monkeypatch: pytest.MonkeyPatch):
    settings = load(monkeypatch, SLACK_BOT_TOKEN="xoxb-1")

    with pytest.raises(ConfigurationError) as refusal:
        settings.require("slack_bot_token", "slack_app_token")

    assert "SLACK_BOT_TOKEN" not in str(refusal.value)


def test_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch):
    settings = load(monkeypatch, SLACK_BOT_TOKEN="", PORT="")

    assert (settings.slack_bot_token, settings.port) == (None, 3000)


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch):
    settings = load(monkeypatch, **SECRETS)

    assert [name for name in (repr(settings), str(settings), f"{settings!r}") if "hush" in name] == []
    assert settings.slack_bot_token
    assert settings.slack_bot_token.get_secret_value() == "xoxb-hush"


def test_file_is_read_and_the_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / ".env"
    file.write_text("PORT=4000\nHOST=0.0.0.0\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("PORT", "5000")

    settings = Settings.load(env_file=file)

    assert (settings.port, settings.host) == (5000, "0.0.0.0")


def test_file_that_is_not_there_is_no_mistake(tmp_path: Path):
    assert Settings.load(env_file=tmp_path / ".env").port == 3000


def test_settings_cannot_be_changed_afterwards():
    settings = Settings.load(env_file=None)

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
