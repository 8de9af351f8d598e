"""One shape for every error: ``{"code", "message", "hint", "facts", "request_id"}``."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from graph.errors import (
    InputError,
    NotFoundError,
    StoreError,
    StoreLockedError,
    StoreUnavailableError,
    TsunaguError,
)


class WireError(BaseModel):
    """What every failed request answers with."""

    model_config = ConfigDict(title="Error")

    code: str = Field(description="機械が読む符号", examples=["bad_input"])
    message: str = Field(description="何が起きたか", examples=["相談票の形がちがいます。"])
    hint: str = Field(description="次に何をするか")
    facts: dict[str, Any] = Field(
        default_factory=dict, description="関わる値（相談の中身は含めない）"
    )
    request_id: str = Field(description="記録と照らし合わせる番号")


class RequestError(TsunaguError):
    """A request that can't be served as it came; ``status`` is the HTTP status."""

    code = "request"

    def __init__(
        self,
        status: int,
        message: str,
        *,
        hint: str,
        code: str | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, hint=hint, code=code, facts=facts)
        self.status = status


_STATUS: tuple[tuple[type[TsunaguError], int], ...] = (
    (NotFoundError, 404),
    (InputError, 422),
    (StoreLockedError, 503),
    (StoreUnavailableError, 503),
    (StoreError, 500),
)

#: What each plain HTTP status says when no part of the product spoke first.
PLAIN: Mapping[int, tuple[str, str, str]] = {
    400: (
        "bad_request",
        "受け取った内容を読めませんでした。",
        "文字コード（UTF-8）と形を確かめて、もう一度送ってください。",
    ),
    401: ("unauthorized", "利用者の確認が要ります。", "画面を開き直して、もう一度行ってください。"),
    403: (
        "forbidden",
        "この操作は受け付けられません。",
        "画面を開き直して、もう一度行ってください。",
    ),
    404: (
        "not_found",
        "その場所は見つかりません。",
        "アドレスを確かめるか、画面上の見出しから選び直してください。",
    ),
    405: (
        "method_not_allowed",
        "この操作の送り方がちがいます。",
        "APIの説明（/api/openapi.json）で送り方を確かめてください。",
    ),
    413: (
        "too_large",
        "送られた内容が大きすぎます。",
        "分けて送るか、管理者に上限の変更を頼んでください。",
    ),
    415: (
        "unsupported_media_type",
        "送られた内容の種類を扱えません。",
        "Content-Type を application/json にしてください。",
    ),
    422: (
        "bad_input",
        "受け取った値に使えないものがあります。",
        "指摘された項目を直して、もう一度送ってください。",
    ),
    500: (
        "internal",
        "処理の途中で思わぬ不具合が起きました。保存の途中のものはありません。",
        "もう一度行っても続く場合は、下の番号を管理者に知らせてください。",
    ),
    503: ("unavailable", "いまは応えられません。", "少し待って、もう一度行ってください。"),
}


def status_of(error: TsunaguError) -> int:
    """The HTTP status of an error of any room."""
    if isinstance(error, RequestError):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def wire(error: TsunaguError, request_id: str) -> WireError:
    """The wire form of an error."""
    facts = {key: _plain(value) for key, value in error.facts.items()}
    return WireError(
        code=error.code,
        message=error.message,
        hint=error.hint,
        facts=facts,
        request_id=request_id,
    )


def plain_error(status: int, request_id: str, facts: Mapping[str, Any] | None = None) -> WireError:
    """The wire form of a plain HTTP status."""
    code, message, hint = PLAIN.get(status, PLAIN[500 if status >= 500 else 400])  # noqa: PLR2004
    return WireError(
        code=code, message=message, hint=hint, facts=dict(facts or {}), request_id=request_id
    )


#: What to write instead, by the kind of fault a model finds; ``{…}`` are the model's own limits.
_FAULTS: Mapping[str, str] = {
    "greater_than_equal": "{ge}以上の数にしてください。",
    "less_than_equal": "{le}以下の数にしてください。",
    "string_too_long": "{max_length}字までにしてください。",
    "string_too_short": "{min_length}字以上にしてください。",
    "missing": "足りません。書いてください。",
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "数字で書いてください。"),
    **dict.fromkeys(("bool_parsing", "bool_type"), "true か false にしてください。"),
    **dict.fromkeys(
        ("date_parsing", "date_type", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "2026-11-20 のような日付にしてください。",
    ),
}


def told_fault(item: Mapping[str, Any]) -> str | None:
    """What to write in a field that a model refused; ``None`` where there is no sentence for it."""
    said = _FAULTS.get(str(item.get("type")))
    names = [part for part in item.get("loc", ()) if isinstance(part, str)]
    if said is None or not names:
        return None
    particle = "が" if item["type"] == "missing" else "は"
    return f"「{names[-1]}」{particle}{said.format(**item.get('ctx', {}))}"


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)


def where(error: BaseException) -> str:
    """Module and line an error came from; says nothing of what was worked on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "?"
    return f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
