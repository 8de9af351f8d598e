"""What every request passes: a number, size limits, header rules, and who may send a form.

No part of a case is in a URL, so the log line of a request (method, path, status, number, time)
holds nothing of one. Query strings are not logged: a search word may be a person's word.
"""

import hashlib
import hmac
import html
import logging
import re
import secrets
import time
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import PLAIN, RequestError, wire

_LOG = logging.getLogger("tsunagu.web")
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_ONE_CASE = re.compile(r"^/consult/[^/]+")
SESSION_COOKIE = "tsunagu_session"
_TOO_LARGE = 413

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
_HEADER_LINES = [(name.lower().encode(), value.encode()) for name, value in _HEADERS.items()]
_NOT_KEPT = (b"cache-control", b"no-store")


class Guard:
    """ASGI wrapper: request number, headers, allowed hosts, same-origin writes, one log line."""

    def __init__(
        self, app: ASGIApp, *, hosts: Collection[str] | None, max_body: int, max_upload: int
    ) -> None:
        self._app = app
        self._max_body = max_body
        self._max_upload = max_upload
        self._hosts = frozenset(hosts) if hosts is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        number = _number(headers)
        scope.setdefault("state", {})["request_id"] = number
        scope["state"]["session"], fresh = _session(scope, headers)
        started = time.perf_counter()
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, scope, number, fresh=fresh)
            await send(message)

        refusal = self._refusal(scope, headers)
        try:
            if refusal is None:
                limited = _limited(receive, self._limit(scope["path"]))
                await self._app(scope, limited, send_guarded)
                return
            await _refused(refusal, number, headers)(scope, receive, send_guarded)
        finally:
            elapsed = (time.perf_counter() - started) * 1000
            path = _quiet_path(scope["path"])
            _LOG.info("%s %s %d %.0fms %s", scope["method"], path, status, elapsed, number)

    def _limit(self, path: str) -> int:
        uploads = path.startswith(("/imports", "/api/imports", "/gaps"))
        return self._max_upload if uploads else self._max_body

    def _refusal(self, scope: Scope, headers: Headers) -> RequestError | None:
        host = _host_name(headers.get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            return RequestError(
                400,
                "このアドレスでは開けません。",
                hint="管理者から知らされたアドレスで開いてください（serve の --host と TSUNAGU_TRUSTED_HOSTS で決まります）。",
                code="bad_host",
            )
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._limit(scope["path"]):
            return too_large()
        if scope["method"] in _SAFE_METHODS or _same_origin(headers):
            return None
        return RequestError(
            403,
            "別の画面から送られた操作は受け付けません。",
            hint="つなぐの画面を開き直して、もう一度行ってください。",
            code="cross_origin",
        )


def _refused(refusal: RequestError, number: str, headers: Headers) -> Response:
    """The refusal as JSON, or as a plain page for a browser that sent a form."""
    if "text/html" not in headers.get("accept", ""):
        return JSONResponse(wire(refusal, number).model_dump(), status_code=refusal.status)
    said = (refusal.message, refusal.hint, f"番号 {number}")
    lines = "".join(f"<p>{html.escape(text)}</p>" for text in said)
    page = (
        '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>つなぐ</title>'
        '<link rel="stylesheet" href="/static/css/base.css"></head>'
        f'<body><main><h1>受け付けられません</h1>{lines}<p><a href="/">はじめの画面へ</a></p></main></body></html>'
    )
    return HTMLResponse(page, status_code=refusal.status)


def allowed_hosts(host: str, trusted: Collection[str]) -> Collection[str] | None:
    """Names this server answers to; ``None`` = any (bound to the office network, none named)."""
    if trusted:
        return frozenset(trusted) | _LOOPBACK
    return _LOOPBACK if host in _LOOPBACK else None


def csrf_token(request: Request) -> str:
    """The token that a form of this session must carry."""
    key: bytes = request.app.state.secret
    session: str = request.state.session
    return hmac.new(key, session.encode(), hashlib.sha256).hexdigest()


def check_csrf(request: Request, given: object) -> None:
    """Raise RequestError unless a form carries its session's token."""
    if isinstance(given, str) and hmac.compare_digest(
        given.encode("utf-8", "replace"), csrf_token(request).encode()
    ):
        return
    raise RequestError(
        403,
        "画面の有効期限が切れました。",
        hint="前の画面に戻って読み込み直し、もう一度送ってください。入力した内容は前の画面に残っています。",
        code="form_expired",
    )


def _number(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _session(scope: Scope, headers: Headers) -> tuple[str, bool]:
    given = Request(scope).cookies.get(SESSION_COOKIE, "") if "cookie" in headers else ""
    if re.fullmatch(r"[0-9A-Za-z_-]{43}", given):
        return given, False
    return secrets.token_urlsafe(32), True


def _add_headers(message: Message, scope: Scope, number: str, *, fresh: bool) -> None:
    lines = [line for line in message.get("headers", ()) if line[0].lower() != b"x-request-id"]
    held = {name.lower(): value for name, value in lines}
    lines += [line for line in _HEADER_LINES if line[0] not in held]
    lines.append((b"x-request-id", number.encode()))
    if not scope["path"].startswith("/static/"):
        if b"cache-control" not in held:
            lines.append(_NOT_KEPT)
        if fresh and held.get(b"content-type", b"").startswith(b"text/html"):
            secure = "; Secure" if scope.get("scheme") == "https" else ""
            cookie = f"{SESSION_COOKIE}={scope['state']['session']}; Path=/; HttpOnly; SameSite=Lax{secure}"
            lines.append((b"set-cookie", cookie.encode()))
    message["headers"] = lines


def too_large() -> RequestError:
    """A body over the limit."""
    code, message, hint = PLAIN[_TOO_LARGE]
    return RequestError(_TOO_LARGE, message, hint=hint, code=code)


def _limited(receive: Receive, limit: int) -> Receive:
    """Stop reading a body that grows past the limit (one sent without its length)."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            # 本文を読む側が400に読み替えないよう、HTTPの例外で知らせる。
            raise HTTPException(_TOO_LARGE)
        return message

    return counted


def _same_origin(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc == headers.get("host", "")


@lru_cache(maxsize=256)
def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _quiet_path(path: str) -> str:
    # 相談の番号（無作為）も記録に残さない。
    return _ONE_CASE.sub("/consult/…", path) if path.startswith("/consult/") else path
