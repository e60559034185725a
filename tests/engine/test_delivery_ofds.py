"""The fibre network as OFDS JSON, held against what the published schema (0.3.0) demands of each entry."""

import json
import re

import pytest
import shapely
from xinji_planner.tests.engine.profile_kit import cables, deliver, nodes, rows, small_county

STATUSES = {"proposed", "planned", "underConstruction", "operational", "decommissioned", "inactive"}
FIBRES = {"G.651.1", "G.652", "G.653", "G.654", "G.655", "G.656", "G.657"}
SPAN = {
    *("id", "name", "status", "start", "end", "directed", "route", "physicalInfrastructureProvider"),
    *("transmissionMedium", "deployment", "deploymentDetails", "fibreType", "fibreTypeDetails", "fibreCount"),
}
NODE = {"id", "name", "status", "location", "type", "physicalInfrastructureProvider"}
NETWORK = {
    *("id", "name", "nodes", "spans", "organisations", "publicationDate", "crs", "accuracyDetails"),
    *("language", "links"),
}


@pytest.fixture
def small(tmp_path):
    return small_county(tmp_path)


def network_of(outputs):
    return json.loads(outputs["ofds"].read_text(encoding="utf-8"))["networks"][0]


def check_against_the_schema(network):
    assert set(network) <= NETWORK
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", network["id"])
    assert network["links"][0]["rel"] == "describedby"
    assert network["links"][0]["href"].endswith("/0__3__0/schema/network-schema.json")
    assert network["crs"]["name"] == "urn:ogc:def:crs:OGC::CRS84"
    known = {item["id"]: item["name"] for item in network.get("organisations", ())}
    places = {item["id"] for item in network.get("nodes", ())}
    for kind, keys in (("nodes", NODE), ("spans", SPAN)):
        items = network.get(kind, ())
        assert len({item["id"] for item in items}) == len(items)
        for item in items:
            assert set(item) <= keys
            assert item.get("status", "planned") in STATUSES
            owner = item.get("physicalInfrastructureProvider")
            assert owner is None or known[owner["id"]] == owner["name"]
    for item in network.get("nodes", ()):
        assert item["location"]["type"] == "Point"
        assert len(item["location"]["coordinates"]) == 2
    for item in network.get("spans", ()):
        assert item["route"]["type"] == "LineString"
        assert len(item["route"]["coordinates"]) > 1
        assert {item.get("start"), item.get("end")} - {None} <= places
        assert item.get("fibreType", "G.652") in FIBRES
        assert set(item.get("deployment", ())) <= {"aboveGround", "belowGround"}
        assert item["transmissionMedium"] == ["fibre"]


def test_rooms_are_nodes_and_cables_spans_that_name_the_rooms_at_their_ends(small, tmp_path):
    line = shapely.LineString([(113.5, 36), (114.2, 36)])
    cables(small, [line], operator=["CTCC"], fibre_type=["G.652D"], cores=[96])
    _, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("gpkg", "ofds"), date="2026-11-20")
    network = network_of(outputs)
    check_against_the_schema(network)
    assert network["publicationDate"] == "2026-11-20"
    assert {item["id"]: item["location"]["coordinates"] for item in network["nodes"]} == {
        "n-A": [113.5, 36.0],
        "n-B": [114.5, 36.0],
    }
    (span,) = network["spans"]
    assert (span["start"], span.get("end")) == ("n-A", None)  # no room lies at the other end, and none is made up
    assert span["route"]["coordinates"] == [[113.5, 36.0], [114.2, 36.0]]
    assert (span["status"], span["fibreType"], span["fibreCount"]) == ("planned", "G.652", 96)
    assert (span["deployment"], span["deploymentDetails"]) == (["belowGround"], {"description": "Duct"})
    assert span["physicalInfrastructureProvider"] == {"id": "CTCC", "name": "中国电信"}
    assert any("1 of 2 ends" in row["message_en"] for row in rows(outputs["check_csv"]) if row["rule"] == "F04")


def test_parts_are_spans_and_an_owner_is_named_only_where_there_is_one(small, tmp_path):
    _, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("ofds", "csv"))
    network = network_of(outputs)
    check_against_the_schema(network)
    assert [item["id"] for item in network["spans"]] == ["c-0", "c-1.1", "c-1.2"]
    assert all("physicalInfrastructureProvider" not in item for item in network["spans"])


def test_a_room_a_little_away_is_met_and_one_farther_off_is_not(small, tmp_path):
    metre = 1 / 90_000  # of longitude, about
    nodes(small, ["A", "B"], [shapely.Point(113.5 + 3 * metre, 36), shapely.Point(114.2 + 8 * metre, 36)])
    cables(small, [shapely.LineString([(113.5, 36), (114.2, 36)])])
    _, outputs = deliver(small, tmp_path / "out", profile="municipal", formats=("ofds", "csv"))
    (span,) = network_of(outputs)["spans"]
    assert (span.get("start"), span.get("end")) == ("n-A", None)


def test_only_what_is_handed_in_is_in_the_network_and_the_ids_stay(small, tmp_path):
    nodes(small, ["A", "B"], [shapely.Point(113.5, 36), shapely.Point(114.5, 36)], status=["retired", "existing"])
    ids = []
    for name in ("one", "two"):
        _, outputs = deliver(small, tmp_path / name, profile="municipal", formats=("ofds", "csv"))
        network = network_of(outputs)
        assert [item["id"] for item in network["nodes"]] == ["n-B"]
        ids.append(network["id"])
    assert ids[0] == ids[1]


def test_the_plain_package_has_it_too_and_without_a_network_there_is_none(small, tmp_path):
    _, outputs = deliver(small, tmp_path / "one", formats=("ofds", "csv"), crs="zone")
    network = network_of(outputs)
    check_against_the_schema(network)
    assert network["nodes"][0]["location"]["coordinates"] == [113.5, 36.0]  # degrees, whatever the CRS of the rest
    _, outputs = deliver(small, tmp_path / "two", formats=("ofds", "csv"), layers=("admin_units",))
    assert "ofds" not in outputs
    assert [row["level"] for row in rows(outputs["check_csv"]) if row["rule"] == "F05"] == ["error"]
