"""A real Neo4j Community for the test run: fetched once with Maven, passwords on, loopback only."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

VERSION = "5.26.26"
USER = "neo4j"
FIRST_PASSWORD = "neo4j"

_POM = Path(__file__).with_name("pom.xml")
_START_S = 180
_STOP_S = 30
_OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.lang", "java.util.concurrent")


class ServerMissingError(RuntimeError):
    """The machine lacks what the server needs; the message says what."""


def free_port() -> int:
    """A port of loopback nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def jars() -> Path:
    """Folder of the server's jars; fetched by Maven the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("TSUNAGU_NEO4J_LIB") or cache / "tsunagu" / f"neo4j-{VERSION}")
    if not (folder / f"neo4j-server-{VERSION}.jar").exists():
        _fetch(folder)
    return folder


def _fetch(folder: Path) -> None:
    if shutil.which("mvn") is None:
        raise ServerMissingError("実Neo4jの試験には maven が要ります（apt install maven）。")
    part = folder.with_name(f"{folder.name}.part-{os.getpid()}")
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            *("mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies"),
            *("-DincludeScope=runtime", f"-DoutputDirectory={part}"),
        ],
        check=True,
        timeout=900,
        stdout=subprocess.DEVNULL,
    )
    if folder.exists():
        shutil.rmtree(part)
    else:
        part.rename(folder)


@dataclass
class Neo4jServer:
    """One server in its own folder. ``start`` may follow ``kill``: the data stay."""

    home: Path
    port: int = field(default_factory=free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    heap: str = "768m"
    page_cache: str = "256m"
    extra_conf: tuple[str, ...] = ()
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Address for one server."""
        return f"bolt://127.0.0.1:{self.port}"

    @property
    def routed_url(self) -> str:
        """Address that asks for the routing table, as one does with a cluster."""
        return f"neo4j://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until Bolt answers queries."""
        if shutil.which("java") is None:
            raise ServerMissingError(
                "実Neo4jの試験には Java 17 か 21 が要ります（apt install openjdk-17-jre-headless）。"
            )
        self._write_conf()
        log = (self.home / "logs" / "console.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                self._command(), stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._wait_for_bolt()

    def set_first_password(self) -> None:
        """End the state in which only the password may be changed."""
        auth = (USER, FIRST_PASSWORD)
        with GraphDatabase.driver(self.url, auth=auth) as driver:
            driver.execute_query(
                "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                old=FIRST_PASSWORD,
                new=self.password,
                database_="system",
            )
        self.wait_until_ready()

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it properly; gives it time before any harder signal."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Keep the port open without answering."""
        self._process().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Go on after :meth:`pause`."""
        self._process().send_signal(signal.SIGCONT)

    def _process(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            raise RuntimeError("サーバーは動いていません。")
        return self.process

    def _end(self, sign: signal.Signals) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            self.process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _write_conf(self) -> None:
        for name in ("conf", "data", "logs"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        (self.home / "conf" / "neo4j.conf").write_text(
            "\n".join(
                (
                    "server.default_listen_address=127.0.0.1",
                    "server.bolt.enabled=true",
                    f"server.bolt.listen_address=127.0.0.1:{self.port}",
                    f"server.bolt.advertised_address=127.0.0.1:{self.port}",
                    "server.http.enabled=false",
                    "server.https.enabled=false",
                    "dbms.security.auth_enabled=true",
                    "dbms.usage_report.enabled=false",
                    f"server.memory.pagecache.size={self.page_cache}",
                    "db.tx_log.rotation.retention_policy=256M size",
                    *self.extra_conf,
                    "",
                )
            )
        )

    def _command(self) -> list[str]:
        lib = jars()
        return [
            *("java", "-Xms256m", f"-Xmx{self.heap}", "-XX:+UseG1GC"),
            *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENS),
            *("-Dio.netty.tryReflectionSetAccessible=true", "-Dlog4j2.disable.jmx=true"),
            *("-Dfile.encoding=UTF-8", "-cp", f"{lib}/*:{self.home}/conf"),
            *("org.neo4j.server.CommunityEntryPoint", f"--home-dir={self.home}"),
            *(f"--config-dir={self.home}/conf", "--console-mode"),
        ]

    def _wait_for_bolt(self) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            if self._process().poll() is not None:
                break
            with socket.socket() as s:
                s.settimeout(1)
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError(f"Neo4jが立ち上がりません：{self._tail()}")

    def wait_until_ready(self) -> None:
        """After a start: until queries are answered."""
        _retry(self._ask)

    def _ask(self) -> None:
        with GraphDatabase.driver(
            self.url, auth=(USER, self.password), connection_timeout=2
        ) as driver:
            driver.execute_query("RETURN 1")

    def wipe(self) -> None:
        """Make it empty again: data and schema."""
        auth = (USER, self.password)
        with GraphDatabase.driver(self.url, auth=auth) as driver, driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS").consume()
            for name in [row["name"] for row in session.run("SHOW CONSTRAINTS YIELD name")]:
                session.run(f"DROP CONSTRAINT {name}").consume()
            found = session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'")
            for name in [row["name"] for row in found]:
                session.run(f"DROP INDEX {name}").consume()

    def _tail(self) -> str:
        text = (self.home / "logs" / "console.log").read_text(errors="replace")
        return "\n".join(text.splitlines()[-15:])


def launch(home: Path, *, heap: str = "768m", page_cache: str = "256m") -> Neo4jServer:
    """A fresh server whose first password is already changed."""
    server = Neo4jServer(home=home, heap=heap, page_cache=page_cache)
    try:
        server.start()
        _retry(server.set_first_password)
    except BaseException:
        server.kill()
        raise
    return server


def _retry(call: Callable[[], None]) -> None:
    # 「Started.」の直後の一、二秒は、まだ問い合わせに答えない。
    deadline = time.monotonic() + _START_S
    while True:
        try:
            call()
        except (DriverError, Neo4jError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
        else:
            return
