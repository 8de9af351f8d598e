"""Errors are interface: each carries a code, a Japanese sentence, what to do next, and facts."""

from collections.abc import Mapping


class TsunaguError(Exception):
    """Base of every error shown to a person.

    ``message`` says what happened, ``hint`` what to do next (both whole Japanese sentences);
    ``facts`` holds the values involved. Never put a name, a memo or any case content in it.
    """

    code = "error"
    default_hint = (
        "操作をやり直しても続く場合は、tsunagu doctor の結果を添えて管理者に知らせてください。"
    )

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        self.code = code or type(self).code
        self.facts: dict[str, object] = dict(facts or {})

    def __str__(self) -> str:
        return f"{self.message}{self.hint}"


class InputError(TsunaguError, ValueError):
    """What a person gave (a file, a case, an option) can't be used as it is."""

    code = "bad_input"


class NotFoundError(TsunaguError, LookupError):
    """Something named by a person is not there."""

    code = "not_found"


class StoreError(TsunaguError):
    """The store can't do what was asked."""

    code = "store"


class StoreLockedError(StoreError):
    """Another process holds the store and did not let go in time."""

    code = "store_locked"
    default_hint = "ほかの取込や画面の保存が終わるのを待って、もう一度実行してください。"


class StoreDamagedError(StoreError):
    """The store can't be read whole; nothing was changed."""

    code = "store_damaged"
    default_hint = (
        "直近の控えから tsunagu restore で戻してください。元のファイルは消さずに残してください。"
    )


class StoreVersionError(StoreError):
    """The store was written by a newer version of the product."""

    code = "store_newer"
    default_hint = "このストアを書いた版以上のつなぐを使ってください。"


class StoreUnavailableError(StoreError):
    """No server answers, or it refuses us (password, database, version)."""

    code = "store_unavailable"
    default_hint = "サーバーが動いているか、接続先・ユーザー・パスワードの設定を確かめてください。"


class DanglingEdgeError(StoreError):
    """An edge names an end that does not exist. ``facts['edges']`` lists them."""

    code = "dangling_edge"
    default_hint = "先に両端の記録を取り込んでください。"


class VocabularyError(TsunaguError, ValueError):
    """A vocabulary file breaks a rule. ``facts['problems']`` lists every fault found."""

    code = "vocabulary"
    default_hint = "表示されたファイルと見出しを直し、tsunagu doctor で確かめてください。"


class DiscoveryError(TsunaguError, ImportError):
    """A plug-in file lacks its constant, label or examples."""

    code = "discovery"
    default_hint = "docs/howto の手順に沿ってファイルを直してください。"
