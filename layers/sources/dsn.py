"""Addresses of databases: what they say, how they are shown without their password. Standard library only.

Two spellings are read: ``postgresql://user:password@host:port/database?sslmode=require`` and, as QGIS and GDAL write
it, ``PG:host=… dbname=…``. Passwords may as well stand in the password file or the service file of PostgreSQL.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from ...errors import ParameterError
from ...text import Text

_URL = re.compile(
    r"postgres(?:ql)?:/{1,2}(?:(?P<user>[^:@/]*)(?::(?P<password>.*))?@)?(?P<host>\[[^\]]*\]|[^/?@:]*)(?::(?P<port>[^/?@:]*))?"
    r"(?:/(?P<dbname>[^?@]*))?(?:\?(?P<more>[^@]*))?",
    re.IGNORECASE | re.DOTALL,
)
_PAIR = re.compile(
    r"\s*(?P<key>\w+)\s*=\s*(?:'(?P<quoted>(?:[^'\\]|\\.)*)'|(?P<bare>(?:[^\s'\\]|\\.)*))(?=\s|$)", re.DOTALL
)
_NAME = r'(?:"(?:[^"\\]|\\.|"")*"|[^\s.("]+)'
_QGIS_TABLE = re.compile(
    rf"\s*table=(?P<first>{_NAME})(?:\.(?P<second>{_NAME}))?\s*(?:\((?P<column>(?:[^()\\]|\\.)*)\))?", re.DOTALL
)
_QGIS_FILTER = re.compile(r"\s*sql=(.*)", re.DOTALL)
_ALLOWED: tuple[str, ...] = (
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "service",
    "passfile",
    "connect_timeout",
)
_ALLOWED += ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "gssencmode", "krbsrvname", "channel_binding")
_STARTS = ("postgresql:/", "postgres:/", "pg:")
_IN_URL = re.compile(r"(postgres(?:ql)?:/{1,2}[^:@/\s]*):[^\s\"'<>]*@", re.IGNORECASE)
_IN_PAIRS = re.compile(r"(\bpass(?:word|wd)\s*=\s*)(?:'(?:[^'\\]|\\.)*'|\"[^\"]*\"|[^\s&'\"<>]+)", re.IGNORECASE)
_HIDDEN = "***"

_REMEDY = Text(
    "格式：postgresql://用户:密码@主机:端口/数据库，密码中的特殊字符用 %XX 表示；或 PG:host=… port=… dbname=… user=…。",
    "Write postgresql://user:password@host:port/database, special characters of the password as %XX; or PG:host=… "
    "port=… dbname=… user=….",
)


@dataclass(frozen=True)
class Address:
    """Where a database is and how to enter it.

    Attributes
    ----------
    options : mapping of str to str
        Connection options of PostgreSQL by their names; never shown, for the password is among them.
    """

    options: Mapping[str, str] = field(repr=False)

    @property
    def shown(self) -> str:
        """``postgresql://host:port/database``: without user and password, the same for the same database."""
        host = self.options.get("host") or self.options.get("hostaddr") or ""
        if not host and "service" in self.options:
            return f"postgresql://service={self.options['service']}"
        host = "localhost" if not host or host.startswith("/") else host
        host = f"[{host}]" if ":" in host else host
        return f"postgresql://{host}:{self.options.get('port') or '5432'}/{self.database}"

    @property
    def database(self) -> str:
        """Name of the database."""
        return self.options.get("dbname") or self.options.get("user") or "postgres"


class QgisTable(NamedTuple):
    """A table as a QGIS layer points to it: an address for SOURCE, a name for LAYER, and the layer's filter."""

    dsn: str
    layer: str
    subset: str


def is_database(source: object) -> bool:
    """Tell whether a source is the address of a database and not a path."""
    return str(source).strip().lower().startswith(_STARTS)


def parse(source: str) -> Address:
    """Take an address apart.

    Raises
    ------
    ParameterError
        It is not understood; the message does not repeat it.
    """
    words = str(source).strip()
    if words[:3].lower() == "pg:":
        return Address(_checked(_pairs(words[3:])))
    found = _URL.fullmatch(words)
    if found is None:
        raise _wrong()
    options = {key: unquote(value) for key, value in found.groupdict().items() if value and key != "more"}
    if "host" in options:
        options["host"] = options["host"].strip("[]")
    options.update((key, value) for key, value in parse_qsl(found["more"] or "") if value)
    return Address(_checked(options))


def without_password(words: str) -> str:
    """Hide the password of every database address in a text."""
    return _IN_PAIRS.sub(rf"\g<1>{_HIDDEN}", _IN_URL.sub(rf"\g<1>:{_HIDDEN}@", words))


def secrets(source: object) -> tuple[str, ...]:
    """Give the password of an address as it is and as it is written, to be blotted out of messages of others."""
    if not is_database(source):
        return ()
    try:
        password = parse(str(source)).options.get("password", "")
    except ParameterError:
        return ()
    return tuple(dict.fromkeys(item for item in (password, quote(password, safe="")) if item))


def split_table(layer: str) -> tuple[str, str, str]:
    """Split ``schema.table (column)`` into its names; schema and column are empty where none is stated.

    A name with a dot or a blank stands in double quotes, as SQL and QGIS write it.
    """
    part = r'(?:"(?:[^"]|"")*"|[^."(]+?)'
    found = re.fullmatch(rf"\s*(?:({part})\s*\.\s*)?({part})\s*(?:\(\s*({part})\s*\))?\s*", layer)
    if found is None:
        return "", layer.strip(), ""
    schema, table, column = (_unquoted(item or "") for item in found.groups())
    return schema, table, column


def joined_table(schema: str, table: str, column: str = "") -> str:
    """Give the name of a layer of a database, the inverse of `split_table`."""
    names = [
        f'"{name.replace(chr(34), chr(34) * 2)}"' if re.search(r'[."()\s]', name) else name for name in (schema, table)
    ]
    return ".".join(name for name in names if name) + (f" ({column})" if column else "")


def from_qgis(uri: str) -> QgisTable:
    """Turn the data source of a QGIS layer (``QgsDataSourceUri``) into an address and the name of a layer.

    Parameters
    ----------
    uri : str
        ``dbname='…' host=… port=… user='…' password='…' key='…' srid=4490 type=Point table="schema"."t" (geom) sql=…``.
        Stored credentials (authcfg) have to be expanded before: ``uri(expandAuthConfig=True)``.

    Raises
    ------
    ParameterError
        It names no table, or a query instead of one.
    """
    pairs: dict[str, str] = {}
    schema = table = column = subset = ""
    at = 0
    while uri[at:].strip():
        if found := _QGIS_FILTER.match(uri, at):  # always the last
            subset = found[1].strip()
            break
        if found := _QGIS_TABLE.match(uri, at):
            schema, table = ("", found["first"]) if found["second"] is None else (found["first"], found["second"])
            schema, table = _qgis_name(schema), _qgis_name(table)
            column = re.sub(r"\\(.)", r"\1", found["column"] or "").strip().strip('"')
        elif found := _PAIR.match(uri, at):
            pairs[found["key"].lower()] = _value(found)
        else:
            raise _wrong()
        at = found.end()
    if not table or table.startswith("("):
        raise _wrong()
    kept = {key: value for key, value in pairs.items() if key in _ALLOWED and value}
    listed = " ".join(f"{key}='{_escaped(value)}'" for key, value in kept.items())
    return QgisTable(f"PG:{listed}", joined_table(schema, table, column), subset)


def _qgis_name(words: str) -> str:
    """Give a name that QGIS has put into double quotes: a quote in it is escaped or doubled."""
    return re.sub(r'\\(.)|"(")', r"\1\2", words[1:-1]) if words.startswith('"') else words


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _unquoted(name: str) -> str:
    name = name.strip()
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _pairs(words: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while words[at:].strip():
        pair = _PAIR.match(words, at)
        if pair is None:
            raise _wrong()
        found[pair["key"].lower()] = _value(pair)
        at = pair.end()
    return found


def _value(pair: re.Match[str]) -> str:
    value = pair["quoted"] if pair["quoted"] is not None else pair["bare"]
    return re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL)


def _checked(options: dict[str, str]) -> dict[str, str]:
    odd = sorted(set(options) - set(_ALLOWED))
    if odd:
        raise ParameterError(
            Text(f"数据库地址中有不支持的选项：{'、'.join(odd)}。",
                 f"The database address has options that are not supported: {', '.join(odd)}."),
            _REMEDY,
        )  # fmt: skip
    port = options.get("port", "")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        raise _wrong()
    if not any(options.get(key) for key in ("dbname", "service", "user")) and "PGDATABASE" not in os.environ:
        raise _wrong()
    return options


def _wrong() -> ParameterError:
    return ParameterError(Text("数据库地址无法识别。", "The address of the database is not understood."), _REMEDY)
