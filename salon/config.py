"""Typed settings, from `SALON_*` variables and `instance/settings.env`; nothing weak is accepted."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MIN_SECRET_CHARACTERS = 43  # 256 bits in base64
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """The settings cannot be used; the message is one line for the operator."""


class Settings(BaseSettings):
    """Everything an operator may set. Names in the environment: `SALON_` + the name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SALON_", extra="ignore")

    instance: Path = Path("instance")
    secret_key: SecretStr
    secret_key_fallbacks: list[SecretStr] = []
    database_url: str = ""  # empty: SQLite in the instance folder
    queue_url: str = ""  # empty: SQLite in the instance folder; redis:// or postgresql:// to share
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: list[str] = []
    proxy_count: int = 0
    allow_http: bool = False  # plain http beyond this machine, on a closed network
    smtp_url: str = ""  # smtp://user:password@host:port, smtps://…, smtp+clear://…; empty: a folder
    mail_from: str = "salon@localhost"
    operator_name: str = ""
    operator_address: str = ""
    operator_email: str = ""
    demo: bool = False
    log_level: str = "INFO"
    solver_workers: int = 2
    testing: bool = False

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if len(text) < MIN_SECRET_CHARACTERS or len(set(text)) < 12:
            raise ValueError(
                "SALON_SECRET_KEY is too weak: use 43 random characters or more (`salon init` makes one)"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _known_way(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"smtp", "smtps", "smtp+clear"} or not parts.hostname):
            raise ValueError(
                "SALON_SMTP_URL must look like smtp://user:password@host:587 or smtps://host:465"
            )
        return value

    @model_validator(mode="after")
    def _encrypted(self) -> Settings:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("SALON_BASE_URL must look like https://salon.example.org")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not self.allow_http:
            raise ValueError("SALON_BASE_URL must be https (or set SALON_ALLOW_HTTP=1 on a closed network)")
        return self

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance.resolve() / 'salon.sqlite'}"

    @property
    def hosts(self) -> list[str]:
        own = urlsplit(self.base_url).hostname or ""
        return [own, *self.trusted_hosts] + (sorted(_LOOPBACK) if own in _LOOPBACK else [])


def default_instance() -> Path:
    """`$SALON_INSTANCE`, else the checkout's `instance/`, else `~/.salon` for an installed wheel."""
    if chosen := os.environ.get("SALON_INSTANCE"):
        return Path(chosen)
    checkout = Path(__file__).resolve().parent.parent
    return checkout / "instance" if (checkout / "pyproject.toml").exists() else Path.home() / ".salon"


def load_settings(instance: Path | None = None, **overrides: Any) -> Settings:
    """The settings of one instance folder; raises `SettingsError` with one line that says what to mend."""
    folder = instance or default_instance()
    try:
        return Settings(_env_file=folder / "settings.env", instance=folder, **overrides)  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "missing":
            raise SettingsError(f"no secret key in {folder}: run `salon init` first") from None
        raise SettingsError(str(first["msg"]).removeprefix("Value error, ")) from None


def flask_config(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions read, derived from the settings."""
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "SECRET_KEY_FALLBACKS": [key.get_secret_value() for key in settings.secret_key_fallbacks],
        "SALON": settings,
        "TESTING": settings.testing,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings.database),
        "MAX_CONTENT_LENGTH": 6 * 1024 * 1024,  # an import of 5 MB and its form
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 3000,
        "TRUSTED_HOSTS": settings.hosts,
        "SESSION_COOKIE_NAME": "__Host-salon" if settings.is_secure else "salon",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "PERMANENT_SESSION_LIFETIME": 12 * 3600,
        "PREFERRED_URL_SCHEME": "https" if settings.is_secure else "http",
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form left open all day still posts
        "WTF_CSRF_SSL_STRICT": True,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
    }


def _engine_options(url: str) -> dict[str, Any]:
    common = {"hide_parameters": True}  # a failed statement in the log names nobody
    if url.startswith("sqlite"):
        return {
            **common,
            "connect_args": {"timeout": 10, "check_same_thread": False},
            "pool_size": 20,
            "max_overflow": 10,
        }
    return {**common, "pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
