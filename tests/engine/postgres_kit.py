"""A PostgreSQL of the tests' own: made in a temporary folder, on a free port, stopped and removed afterwards."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

USER = "planner"
PASSWORD = "Geheim#密/码@:%"  # every sign that an address can stumble over
_OWNER = "postgres"  # an account without rights of its own; the server refuses to run as root
_FAST = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=16MB -c autovacuum=off"


class Server:
    """A running cluster."""

    def __init__(self, folder: Path, port: int, admin_password: str):
        self.folder, self.port, self._admin_password = folder, port, admin_password

    def admin(self, database="postgres"):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname=database, user=_OWNER, password=self._admin_password,
            autocommit=True,
        )  # fmt: skip

    def dsn(self, database="plan", password=PASSWORD):
        from urllib.parse import quote

        return f"postgresql://{USER}:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"


def _programs() -> Path | None:
    found = shutil.which("pg_ctl")
    if found and (Path(found).resolve().parent / "initdb").exists():
        return Path(found).resolve().parent
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return known[-1].parent if known else None


def _has_postgis(programs: Path) -> bool:
    version = programs.parent.name
    return any(Path(f"/usr/share/postgresql/{version}/extension").glob("postgis--*.sql")) or not version.isdigit()


def _run(command, folder: Path, **given):
    if sys.platform != "win32" and os.geteuid() == 0:
        import pwd

        owner = pwd.getpwnam(_OWNER)
        given |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(folder)}
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=60, check=False, **given,
    )  # fmt: skip
    assert done.returncode == 0, f"{command[0]}: {done.stdout}"


def started():
    """Start a server, hand it on, stop it; skip with the reason where there is none to start."""
    programs = _programs()
    if programs is None or not _has_postgis(programs):
        reason = "PostgreSQL with PostGIS is not installed (./dev test installs it)"
        if os.environ.get("XINJI_REQUIRE_POSTGIS"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="xinji-pg-"))
    running = False
    try:
        if sys.platform != "win32" and os.geteuid() == 0:
            shutil.chown(folder, _OWNER, _OWNER)
        password = secrets.token_hex(8)
        words = folder / "password"
        words.write_text(password, encoding="ascii")
        words.chmod(0o644)
        data, port = folder / "data", _free_port()
        _run([programs / "initdb", "-D", data, "-U", _OWNER, "-A", "scram-sha-256", f"--pwfile={words}",
              "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"], folder)  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} {_FAST}"
        running = True
        _run([programs / "pg_ctl", "-D", data, "-w", "-t", "30", "-l", folder / "log", "-o", options, "start"], folder)
        yield Server(folder, port, password)
    finally:
        if running:
            _run([programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"], folder)
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
