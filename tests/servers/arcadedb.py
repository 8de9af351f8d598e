"""ArcadeDB from the package index as a second Bolt server: shows that the Cypher is portable."""

import importlib.util
import secrets
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from tests.servers.neo4j import ServerMissingError, free_port

_START_S = 90


@dataclass
class ArcadeServer:
    """One server with one database called ``neo4j``."""

    home: Path
    port: int = field(default_factory=free_port)
    user: str = "root"
    password: str = field(default_factory=lambda: secrets.token_hex(8))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Address."""
        return f"bolt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until queries are answered."""
        self.process = subprocess.Popen(
            self._command(),
            cwd=self.home,  # 記録（log/）を作業木に残さない
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self._ask()
            except (DriverError, Neo4jError, OSError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.3)
            else:
                return

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _ask(self) -> None:
        auth = (self.user, self.password)
        with GraphDatabase.driver(self.url, auth=auth, max_transaction_retry_time=0.5) as driver:
            driver.execute_query("RETURN 1", database_="neo4j")

    def _command(self) -> list[str]:
        spec = importlib.util.find_spec("arcadedb_embedded")
        if spec is None or spec.origin is None:
            raise ServerMissingError("ArcadeDBの試験には arcadedb-embedded が要ります。")
        package = Path(spec.origin).parent
        opens = ("java.lang", "java.util.concurrent.atomic", "java.nio.channels.spi")
        settings = {
            "server.rootPath": self.home,
            "server.rootPassword": self.password,
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": free_port(),
            "bolt.host": "127.0.0.1",
            "bolt.port": self.port,
            "server.plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server.defaultDatabases": "neo4j[root]",
        }
        return [
            *(str(package / "jre/bin/java"), "-Xmx512m"),
            *("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"),
            *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in opens),
            *("-cp", f"{package}/jars/*"),
            *(f"-Darcadedb.{key}={value}" for key, value in settings.items()),
            "com.arcadedb.server.ArcadeDBServer",
        ]
