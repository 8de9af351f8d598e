"""What a Bolt server or its driver reports, as errors a person can act on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.errors import StoreError, StoreLockedError, StoreUnavailableError

#: Oldest server whose behaviour was measured.
OLDEST = (5, 26)

_EXPIRED = "Neo.ClientError.Security.CredentialsExpired"
_NO_DATABASE = "Neo.ClientError.Database.DatabaseNotFound"
_RATE = "Neo.ClientError.Security.AuthenticationRateLimit"


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn the driver's errors into StoreError kinds; ``where`` is the url without password."""
    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise as_store_error(error, where) from error
    except (OSError, ValueError) as error:
        # 名前の引けないホスト、数でないポートなど、つなぐ前に分かる誤り。
        raise _unavailable(f"接続先 {where} に届きません。", where, error) from error


def refuse_old(agent: str, where: str) -> None:
    """Raise when the server is older than what this product was measured with."""
    found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        raise StoreUnavailableError(
            f"サーバーの版が古すぎます（{agent}）。",
            hint=f"Neo4j {OLDEST[0]}.{OLDEST[1]}（LTS）以上に上げてからつないでください。",
            code="server_too_old",
            facts={"store": where, "agent": agent},
        )


def as_store_error(error: Exception, where: str) -> StoreError:
    """The StoreError that fits; the original stays as its cause."""
    if isinstance(error, Neo4jError):
        return _from_server(error, where)
    if isinstance(error, ConfigurationError):
        return _unavailable(
            "つなぎ先が Neo4j として話せません（版が古いか、別のサーバーです）。", where, error
        )
    if isinstance(error, IncompleteCommit):
        return StoreUnavailableError(
            "保存の途中でサーバーとの接続が切れ、結果を確かめられませんでした。",
            hint="サーバーが戻ったら、同じ操作をもう一度実行してください（二重にはなりません）。",
            code="outcome_unknown",
            facts={"store": where},
        )
    if isinstance(error, (ServiceUnavailable, SessionExpired)):
        return _unavailable(f"サーバー {where} が応答しません。", where, error)
    return _unavailable(f"サーバー {where} とのやり取りに失敗しました。", where, error)


def _from_server(error: Neo4jError, where: str) -> StoreError:
    code, text = error.code or "", error.message or ""
    facts = {"store": where, "server_code": code}
    if code == _EXPIRED:
        return StoreUnavailableError(
            "サーバーの最初のパスワードがまだ変えられていません。",
            hint="ALTER CURRENT USER SET PASSWORD で新しいパスワードにし、"
            "TSUNAGU_NEO4J_PASSWORD に設定してください。",
            code="password_expired",
            facts=facts,
        )
    if isinstance(error, AuthError) or code == _RATE:
        return StoreUnavailableError(
            "サーバーがユーザー名かパスワードを受け付けません。",
            hint="TSUNAGU_NEO4J_USER と TSUNAGU_NEO4J_PASSWORD を確かめてください。"
            "続けて間違えると、しばらく正しいパスワードでも断られます。",
            code="wrong_password",
            facts=facts,
        )
    if code == _NO_DATABASE or ("does not exist" in text and "atabase" in text):
        return StoreUnavailableError(
            "指定されたデータベースがサーバーにありません。",
            hint="データベース名の設定を確かめてください（Community には neo4j が一つだけあります）。",
            code="wrong_database",
            facts=facts,
        )
    if "Enterprise" in text:
        return StoreError(
            "この機能は Neo4j Enterprise にしかありません。",
            hint="Community で使える一意制約と索引だけを使ってください。",
            code="enterprise_only",
            facts=facts,
        )
    return _other(error, where, facts)


def _other(error: Neo4jError, where: str, facts: dict[str, str]) -> StoreError:
    code = facts["server_code"]
    if "LockClient" in code or "LockAcquisition" in code or "Deadlock" in code:
        return StoreLockedError(
            "ほかの処理がストアに書き込んでいるため、待ちきれませんでした。", facts=facts
        )
    if "MemoryPool" in code or "OutOfMemory" in code:
        return StoreError(
            "サーバーの記憶が足りず、保存できませんでした。何も保存されていません。",
            hint="サーバーの heap を増やすか、一度に取り込む件数を減らしてください。",
            code="server_memory",
            facts=facts,
        )
    if error.is_retryable():
        return _unavailable(f"サーバー {where} が要求を処理できません。", where, error)
    return StoreError(
        "サーバーで処理に失敗しました。この操作は保存されていません。",
        facts={**facts, "server": (error.message or "")[:300]},
    )


def _unavailable(message: str, where: str, error: Exception) -> StoreUnavailableError:
    return StoreUnavailableError(message, facts={"store": where, "cause": type(error).__name__})
