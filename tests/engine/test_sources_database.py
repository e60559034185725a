import json
import sqlite3

import pytest
from xinji_planner.engine.cli import main
from xinji_planner.engine.executor import run_job
from xinji_planner.engine.parameters import checked
from xinji_planner.errors import InputError, ParameterError
from xinji_planner.jobs import import_layer, inspect_source
from xinji_planner.layers.sources import dsn
from xinji_planner.layers.sources.read import layer_names, read_source
from xinji_planner.layers.specs import SPECS
from xinji_planner.tests.engine.postgres_kit import PASSWORD, USER, started

STATIONS = SPECS["base_stations"]

SETUP = """
CREATE EXTENSION postgis;
CREATE SCHEMA "规划";
CREATE TABLE "规划"."基 站" (id serial PRIMARY KEY, "基站编号" text, "基站名称" varchar(40), "运营商" text,
  "制式" char(4), "频段" text, "状态" text, "高度" real, "共享" boolean, "入网日期" timestamp, "标签" text[],
  "说明" jsonb, geom geometry(Point, 4490));
INSERT INTO "规划"."基 站" VALUES
 (3, 'B003', '南山站', '广电', '4G', 'n28', '在建', 12, false, '2024-01-02 03:04:05', '{}', 'null',
  'SRID=4490;POINT(100.3 25.3)'),
 (1, 'B001', '东山站', '移动', '5G', '2.6G', '在网', 30.1, true, '2023-05-01', '{甲,乙}', '{"a": 1}',
  'SRID=4490;POINT(100.1 25.1)'),
 (2, 'B002', '西山站', '电信', '5G', '3.5GHz', '规划', NULL, NULL, NULL, NULL, NULL, 'SRID=4490;POINT(100.2 25.2)');
CREATE TABLE public.curves (name text, geom geometry(GeometryZ));
INSERT INTO public.curves VALUES ('弧', 'SRID=4490;CIRCULARSTRING Z (100 25 1, 100.5 25.5 1, 101 25 1)'), ('空', NULL),
 ('别处', 'SRID=4326;POINT Z (100 25 0)'), ('直', 'SRID=4490;LINESTRING Z (100 25 0, 101 26 0)');
CREATE TABLE public.plain (village_code bigint, village_name text, lon double precision, lat numeric(9, 6));
INSERT INTO public.plain VALUES (530100000001, '东村', 100.1, 25.100000), (530100000002, '西村', 100.2, 25.2);
CREATE VIEW public.seen AS SELECT * FROM public.plain;
CREATE TABLE public.two_shapes (name text, geom geometry(Point, 4490), outline geography(Polygon, 4326));
CREATE TABLE public.hidden (name text);
GRANT USAGE ON SCHEMA "规划" TO planner;
GRANT SELECT ON ALL TABLES IN SCHEMA public, "规划" TO planner;
REVOKE ALL ON public.hidden FROM planner;
"""


@pytest.fixture(scope="module")
def server():
    for running in started():
        with running.admin() as admin:
            words = PASSWORD.replace("'", "''")
            admin.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{words}'")
            admin.execute("CREATE DATABASE plan")
        with running.admin("plan") as admin:
            admin.execute(SETUP)
        yield running


def test_a_spatial_table_is_read_with_texts_of_every_type_in_the_order_of_its_key(server):
    table = read_source(server.dsn(), "规划.基 站", spec=STATIONS)
    cells = dict(zip(table.headings, table.cells))
    assert table.format == "PostGIS"
    assert cells["基站编号"].tolist() == ["B001", "B002", "B003"]
    assert cells["制式"].tolist() == ["5G", "5G", "4G"]
    assert cells["高度"].tolist() == ["30.1", "", "12"]
    assert cells["共享"].tolist() == ["是", "", "否"]
    assert cells["入网日期"].tolist() == ["2023-05-01", "", "2024-01-02 03:04:05"]
    assert cells["标签"].tolist() == ["{甲,乙}", "", "{}"]
    assert table.crs.to_epsg() == 4490
    assert [(shape.x, shape.y) for shape in table.geometry] == [(100.1, 25.1), (100.2, 25.2), (100.3, 25.3)]
    assert table.name == f'postgresql://127.0.0.1:{server.port}/plan|规划."基 站"'


def test_the_only_table_that_fits_is_chosen_and_tables_without_the_right_to_read_are_not_seen(server):
    assert read_source(server.dsn(), spec=STATIONS).layer == '规划."基 站"'
    names = layer_names(server.dsn())
    assert "public.plain" in names
    assert "public.seen" in names
    assert {"public.two_shapes (geom)", "public.two_shapes (outline)"} <= set(names)
    assert "public.hidden" not in names
    assert not any("spatial_ref_sys" in name for name in names)
    with pytest.raises(InputError, match="hidden"):
        read_source(server.dsn(), "public.hidden")


def test_curves_heights_and_rows_in_another_srid_are_told(server):
    table = read_source(server.dsn(), "curves")
    at = {name: position for position, name in enumerate(table.cells[0])}
    codes = {block.code: block for block in table.findings}
    assert codes["curves"].at.tolist() == [at["弧"]]
    assert codes["empty_geometry"].at.tolist() == [at["空"]]
    assert list(table.damaged) == [at["别处"]]
    assert "z_or_m" in codes
    assert len(table.geometry[at["弧"]].coords) > 10
    assert not table.geometry[at["弧"]].has_z


def test_tables_without_geometry_and_views_are_read_with_the_same_rows_and_hash_each_time(server):
    plain, view = read_source(server.dsn(), "public.plain"), read_source(server.dsn(), "seen")
    assert plain.geometry is None
    assert [column.tolist() for column in plain.cells] == [
        ["530100000001", "530100000002"], ["东村", "西村"], ["100.1", "100.2"], ["25.100000", "25.200000"],
    ]  # fmt: skip
    assert plain.sha256 == view.sha256 == read_source(server.dsn(), "plain").sha256
    assert plain.sha256 != read_source(server.dsn(), "curves").sha256


def test_nothing_can_be_written_through_the_connection(server):
    import psycopg
    from xinji_planner.layers.sources.database import _connected

    with pytest.raises(InputError), _connected(dsn.parse(server.dsn())) as connection:
        connection.execute("CREATE TEMP TABLE x (a int)")
    with server.admin("plan") as admin, pytest.raises(psycopg.errors.UndefinedTable):
        admin.execute("SELECT * FROM x")


def test_texts_of_a_database_without_an_encoding_are_told_by_their_bytes(server):
    with server.admin() as admin:
        admin.execute("CREATE DATABASE old ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    with server.admin("old") as admin:
        admin.execute("CREATE TABLE t (name text); GRANT SELECT ON t TO planner")
        admin.execute(rb"INSERT INTO t VALUES (E'\xb6\xab\xc9\xbd\xd5\xbe')")
    assert read_source(server.dsn("old"), "t").cells[0].tolist() == ["东山站"]


def _everything_below(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()


def _hidden(server):
    from urllib.parse import quote

    return [PASSWORD.encode(), quote(PASSWORD, safe="").encode(), b"Geheim"]


def test_an_import_from_the_database_leaves_the_password_nowhere(server, tmp_path, capfd):
    messages = []
    workspace = tmp_path / "区.gpkg"
    raw = {"source": server.dsn(), "layer": '规划."基 站"', "kind": "base_stations", "workspace": str(workspace)}
    done = run_job("import_layer", raw, tmp_path / "out", send=messages.append)
    assert done.summary["rows_in"] == done.summary["rows_out"] == 3
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    shown = f'postgresql://127.0.0.1:{server.port}/plan|规划."基 站"'
    assert record["inputs"]["source"] == {"path": shown, "sha256": read_source(server.dsn(), raw["layer"]).sha256}
    assert record["parameters"]["source"] == f"postgresql://{USER}:***@127.0.0.1:{server.port}/plan"
    with sqlite3.connect(workspace) as store:
        assert {row[0] for row in store.execute("SELECT source_file FROM base_stations")} == {shown}
    raw["source"] = f"PG:host=127.0.0.1 port={server.port} dbname=plan user={USER} password='{PASSWORD}'"
    for job in ("diagnose", "inspect_source"):
        asked = {key: raw[key] for key in ("source", "layer", "kind")}
        summary = run_job(job, asked, tmp_path / job, send=messages.append).summary
        assert summary.get("rows_in", summary.get("rows")) == 3
    everything = [
        *(data for _, data in _everything_below(tmp_path)),
        repr(messages).encode(),
        *map(str.encode, capfd.readouterr()),
    ]
    for secret in _hidden(server):
        assert not any(secret in data for data in everything)


def test_a_refusal_by_the_database_leaves_the_password_nowhere(server, tmp_path, capfd):
    wrong = server.dsn(password=PASSWORD + "x")
    more = ["--workspace", str(tmp_path / "w.gpkg"), "--output", str(tmp_path / "out"), "--json", "--language", "zh"]
    for source, words in ((wrong, "密码"), (server.dsn("nowhere"), "数据库")):
        status = main(["run", "import_layer", "--source", source, "--kind", "villages", *more])
        said = "".join(capfd.readouterr())
        assert status == 1
        assert words in said
        everything = [said.encode(), *(data for _, data in _everything_below(tmp_path))]
        for secret in _hidden(server):
            assert not any(secret in data for data in everything)


def test_a_look_into_the_database_names_its_tables(server, tmp_path):
    done = run_job("inspect_source", {"source": server.dsn(), "kind": "base_stations"}, tmp_path / "out")
    assert '规划."基 站"' in done.summary["layers"]
    assert done.summary["layer"] == '规划."基 站"'
    assert done.summary["rows"] == 3


def test_a_server_that_does_not_answer_is_an_error_with_a_remedy():
    with pytest.raises(InputError) as refusal:
        read_source("postgresql://nobody:geheim@127.0.0.1:9/plan")
    assert "主机" in refusal.value.remedy.zh
    assert "geheim" not in str(refusal.value)


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("postgresql://u:p%40w@h:5433/d", {"user": "u", "password": "p@w", "host": "h", "port": "5433", "dbname": "d"}),
        ("postgres://u:p@w/x#y@h/d", {"user": "u", "password": "p@w/x#y", "host": "h", "dbname": "d"}),
        ("postgresql://h/d?sslmode=require", {"host": "h", "dbname": "d", "sslmode": "require"}),
        ("postgresql://[::1]:5432/d", {"host": "::1", "port": "5432", "dbname": "d"}),
        ("PG:host=h port=5 dbname='my db' user=u password='it\\'s'",
         {"host": "h", "port": "5", "dbname": "my db", "user": "u", "password": "it's"}),
        ("postgresql:/u:p@h/d", {"user": "u", "password": "p", "host": "h", "dbname": "d"}),
    ],
)  # fmt: skip
def test_an_address_is_understood_in_each_spelling(source, options):
    assert dsn.is_database(source)
    assert dict(dsn.parse(source).options) == options
    assert "p" not in dsn.parse(source).shown.removeprefix("postgresql://").replace(options.get("dbname"), "")


@pytest.mark.parametrize(
    "source",
    ["postgresql://", "PG:", "PG:what", "PG:dbname='open", "postgresql://u:geheim@h:port/d", "PG:dbname=d options=-cx"],
)
def test_a_wrong_address_is_a_parameter_error_that_does_not_repeat_it(source):
    raw = {"source": source, "kind": "villages", "workspace": "w.gpkg"}
    with pytest.raises(ParameterError) as refusal:
        checked(import_layer.JOB, raw)
    assert "geheim" not in json.dumps(refusal.value.as_json())


def test_only_the_source_may_be_a_database():
    raw = {"source": "postgresql://u:geheim@h/d", "mapping": "postgresql://u:geheim@h/d", "kind": "villages"}
    with pytest.raises(ParameterError) as refusal:
        checked(import_layer.JOB, raw | {"workspace": "w.gpkg"})
    assert [fault.field for fault in refusal.value.faults] == ["mapping"]
    assert "geheim" not in json.dumps(refusal.value.as_json())
    assert inspect_source.JOB.parameter("source").database


def test_what_qgis_calls_a_layer_becomes_an_address_and_a_table():
    uri = (
        "dbname='plan' host=10.0.0.7 port=5432 user='u' password='it\\'s' sslmode=disable key='id' "
        "estimatedmetadata=true srid=4490 type=Point checkPrimaryKeyUnicity='1' "
        'table="规划"."基 ""站""" (geom) sql=a > 1'
    )
    found = dsn.from_qgis(uri)
    assert found.layer == '规划."基 ""站""" (geom)'
    assert found.subset == "a > 1"
    options = dsn.parse(found.dsn).options
    assert options == {
        "dbname": "plan",
        "host": "10.0.0.7",
        "port": "5432",
        "user": "u",
        "password": "it's",
        "sslmode": "disable",
    }
    assert dsn.split_table(found.layer) == ("规划", '基 "站"', "geom")
    assert dsn.without_password(found.dsn).count("it") == 0
    with pytest.raises(ParameterError):
        dsn.from_qgis("dbname='plan' table=\"(select 1)\"".replace('"', ""))


@pytest.mark.parametrize("names", [("a", "b", ""), ("", "b", "c"), ("a.b", 'c"d', "geom"), ("规划", "基 站", "")])
def test_names_of_tables_come_back_as_they_were(names):
    assert dsn.split_table(dsn.joined_table(*names)) == names
