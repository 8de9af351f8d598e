"""What an operator sets, read once from the environment at the edge and passed inwards."""

from datetime import date
from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_store_url() -> str:
    """The embedded store under the user's data directory."""
    folder = platformdirs.user_data_path("tsunagu", appauthor=False)
    return f"sqlite:///{(folder / 'tsunagu.sqlite3').as_posix()}"


class Settings(BaseSettings):
    """Settings of the commands and the web app; every name can be set as ``TSUNAGU_NAME``.

    ``case_minutes`` is how long a case is kept in memory after it was last looked at;
    ``today`` fixes the date for tests and for looking back.
    """

    model_config = SettingsConfigDict(env_prefix="TSUNAGU_", extra="ignore", frozen=True)

    store: str = Field(default_factory=default_store_url)
    neo4j_user: str | None = None
    neo4j_password: SecretStr | None = None
    neo4j_database: str | None = None
    store_wait_s: float = Field(default=30.0, gt=0)
    vocabulary: Path | None = None
    cache: Path | None = None
    mappings: Path | None = None
    upload_folder: Path | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    case_minutes: int = Field(default=120, ge=1)
    max_cases: int = Field(default=500, ge=1)
    max_body_mb: int = Field(default=2, ge=1)
    max_upload_mb: int = Field(default=300, ge=1)
    stale_days: int = Field(default=365, ge=1)
    municipality: str | None = None
    trusted_hosts: tuple[str, ...] = ()
    today: date | None = None
