"""A private PostgreSQL with PostGIS for the benchmark: made, started and ended here, by its id."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Settings a careful operator would choose on a machine of this size; pinned with the figures.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "12GB",
    "maintenance_work_mem": "1GB",
    "work_mem": "256MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "8GB",
    "autovacuum": "off",
}
_USER = "postgres"


def binaries() -> Path | None:
    """The newest installed PostgreSQL, or ``None``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Iterator[str]:
    """A fresh cluster on a unix socket only; gives the connection string; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagu-pg-"))
    tools = binaries()
    if tools is None:
        raise FileNotFoundError("postgres")
    as_user = _unprivileged(folder)
    data = folder / "data"
    server = None
    try:
        _run([*as_user, str(tools / "initdb"), "-D", str(data), "-A", "trust", "-U", "bench"])
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        command = [str(tools / "postgres"), "-D", str(data), "-k", str(folder), "-h", "", *options]
        server = subprocess.Popen(
            [*as_user, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        dsn = f"host={folder} user=bench dbname=postgres"
        _wait(tools, folder)
        yield dsn
    finally:
        if server is not None:
            _run([*as_user, str(tools / "pg_ctl"), "-D", str(data), "stop", "-m", "immediate"])
            server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> list[str]:
    """PostgreSQL does not run as root; root hands over to its own user."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam(_USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", _USER, "--"]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait(tools: Path, folder: Path) -> None:
    subprocess.run(
        [str(tools / "pg_isready"), "-h", str(folder), "-U", "bench", "-t", "30"],
        check=False,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        ready = subprocess.run(
            [str(tools / "pg_isready"), "-q", "-h", str(folder), "-U", "bench", "-t", "1"],
            check=False,
        )
        if ready.returncode == 0:
            return
        subprocess.run(["sleep", "0.1"], check=True)
    raise TimeoutError("PostgreSQL")
