"""``tsunagu serve``: the web app and the API."""

import errno
import logging
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands import Command
from api.settings import Settings
from api.terminal import err
from graph.errors import InputError

if TYPE_CHECKING:
    from api.office import Office

#: How long the change feed is kept for a second process to follow.
KEEP_CHANGES = timedelta(days=30)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def run(
    ctx: typer.Context,
    host: Annotated[
        str | None, typer.Option("--host", help="待ち受けるアドレス", show_default="127.0.0.1")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option("--port", min=1, max=65535, help="待ち受ける番号", show_default="8000"),
    ] = None,
) -> None:
    """Serve until interrupted."""
    import uvicorn  # noqa: PLC0415 - keeps --help fast

    from api.app import create_app  # noqa: PLC0415

    settings = _settings(ctx, host, port)
    listener = listen(settings.host, settings.port)
    with listener:
        app = create_app(settings)
        # 開けないストアは、画面を出す前にここで知らせる。
        _tidy_feed(app.state.office)
        _log_plainly()
        url = f"http://{_shown(settings.host)}:{settings.port}"
        err().print(f"つなぐを開きました：{url}（止めるには Ctrl+C）", markup=False)
        if settings.host not in _LOOPBACK:
            err().print(
                "庁内のほかの端末からも開けます。まだ利用者の確認（ログイン）はありません。"
                "信頼できる網だけで使ってください。",
                markup=False,
            )
        config = uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=3,
        )
        uvicorn.Server(config).run(sockets=[listener])


def _tidy_feed(office: "Office") -> None:
    """Forget old entries of the change feed; readers that far behind rebuild."""
    office.store.prune(office.now() - KEEP_CHANGES)


def _settings(ctx: typer.Context, host: str | None, port: int | None) -> Settings:
    base = ctx.find_root().obj
    settings = base if isinstance(base, Settings) else Settings()
    chosen = {"host": host, "port": port}
    return settings.model_copy(update={k: v for k, v in chosen.items() if v is not None})


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else. Raises InputError when it is in use or not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise _port_error(error, host, port) from error
    # 種類を名のらない口では、答えの見出しと本文のあいだで、受け手の返事を0.04秒待つ（asyncioが待たない設定にしない）。
    told = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, fileno=listener.detach())
    told.set_inheritable(True)
    return told


def _port_error(error: OSError, host: str, port: int) -> InputError:
    if error.errno == errno.EADDRINUSE:
        return InputError(
            f"ポート{port}は、ほかのプログラムが使っています。",
            hint=f"先に動いているつなぐを止めるか、--port {port + 1} のように別の番号を指定してください。",
            code="port_in_use",
            facts={"port": port},
        )
    if error.errno == errno.EACCES:
        return InputError(
            f"ポート{port}を使う権限がありません。",
            hint="1024以上の番号を --port で指定してください。",
            code="port_denied",
            facts={"port": port},
        )
    return InputError(
        f"アドレス「{host}」では待ち受けられません。",
        hint="このパソコンのアドレスを --host で指定してください。ふだんは 127.0.0.1 のままで使えます。",
        code="bad_host",
    )


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _log_plainly() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in ("tsunagu", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
    logging.getLogger("tsunagu").setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


COMMAND = Command(
    name="serve",
    help="画面とAPIを開きます。",
    example="tsunagu serve --port 8000",
    run=run,
)
