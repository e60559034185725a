"""The rule pack of the simulation: what it must hold, and what it refuses."""

import pytest
from xinji_planner.analysis.radio import resource_blocks
from xinji_planner.errors import InputError
from xinji_planner.rules.pack import load

TRANSMITTER = {
    "technology": '"5G"',
    "band_mhz_min": 690,
    "band_mhz_max": 799,
    "frequency_mhz": 730,
    "bandwidth_mhz": 30,
    "spacing_khz": 15,
    "power_dbm": 52,
    "gain_dbi": 14.5,
    "losses_db": 0.5,
    "antenna_height_m": 30,
    "tilt_deg": 4,
    "horizontal_beam_deg": 65,
    "vertical_beam_deg": 14,
    "front_to_back_db": 25,
    "side_lobe_db": 18,
    "for_unknown_band": "true",
    "status": '"unverified"',
    "note": '""',
}
CLUTTER = {
    "product": '"worldcover"',
    "code": 10,
    "zh": '"林地"',
    "en": '"Tree cover"',
    "height_m": 15,
    "status": '"unverified"',
}


def toml(kind, *entries):
    return "\n".join(f"[[{kind}]]\n" + "\n".join(f"{k} = {v}" for k, v in entry.items()) for entry in entries)


def loaded(tmp_path, text):
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return load("own", tmp_path)


def test_the_shipped_presets_are_channels_of_the_standard_and_nobody_calls_them_verified():
    pack = load("radio")
    assert {preset.technology for preset in pack.transmitters} == {"4G", "5G"}
    for preset in pack.transmitters:
        assert resource_blocks(preset.technology, preset.bandwidth_mhz, int(preset.spacing_khz)) > 0
        assert preset.note
    assert {item.status for item in (*pack.transmitters, *pack.clutter, *pack.rules.values())} == {"unverified"}


def test_the_stated_parameters_of_the_model_are_the_models_own_defaults():
    from xinji_planner.analysis.radio import Propagation

    pack, model = load("radio"), Propagation()
    assert pack.rule("radio.delta_n").value == model.delta_n
    assert pack.rule("radio.n0").value == model.n0
    assert pack.rule("radio.rx_height").value == model.rx_height_m
    assert pack.rule("radio.time_percent").value == model.time_percent
    assert pack.rule("radio.location_percent").value == model.location_percent
    assert pack.rule("radio.resolution").value == model.resolution_m


@pytest.mark.parametrize("product", ["worldcover", "globeland30", "clcd"])
def test_every_land_cover_product_that_a_planner_can_choose_has_forest_built_up_and_water(product):
    own = [preset for preset in load("radio").clutter if preset.product == product]
    assert {preset.height_m for preset in own} == {0.0, 10.0, 15.0}
    assert [preset.height_m for preset in own if preset.water] == [0.0]


def test_the_choices_of_a_planner_are_the_products_and_environments_of_the_pack():
    from xinji_planner.jobs.radio.parameters import CLUTTER_CLASSES, ENVIRONMENT

    pack = load("radio")
    assert [choice.value for choice in CLUTTER_CLASSES.choices] == list(dict.fromkeys(p.product for p in pack.clutter))
    named = [choice.value for choice in ENVIRONMENT.choices if choice.value != "recommendation"]
    assert [f"radio.sigma.{name}" for name in named] == [i for i in pack.rules if i.startswith("radio.sigma.")]


def test_a_preset_as_the_pack_holds_it_is_read(tmp_path):
    pack = loaded(tmp_path, toml("transmitter", TRANSMITTER) + "\n" + toml("clutter", CLUTTER))
    assert pack.transmitters[0].gain_dbi == 14.5 and pack.transmitters[0].for_unknown_band
    assert pack.clutter[0].name.zh == "林地" and not pack.clutter[0].water


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"gain_dbi": '"high"'}, "gain_dbi"),
        ({"gain_dbi": "nan"}, "gain_dbi"),
        ({"gain_dbi": "true"}, "gain_dbi"),
        ({"losses_db": -1}, "losses_db"),
        ({"status": '"sure"'}, "status"),
        ({"frequency_mhz": 900}, "frequency_mhz"),
        ({"band_mhz_min": 800}, "band_mhz_min"),
        ({"azimuth": 1}, "azimuth"),
        ({"power_dbm": None}, "power_dbm"),
        ({"technology": None}, "technology"),
        ({"note": None}, "note"),
        ({"for_unknown_band": "false"}, "for_unknown_band"),
    ],
)
def test_a_wrong_transmitter_is_refused_by_the_name_of_what_is_wrong(tmp_path, change, says):
    entry = {name: value for name, value in {**TRANSMITTER, **change}.items() if value is not None}
    with pytest.raises(InputError, match=says) as caught:
        loaded(tmp_path, toml("transmitter", entry))
    assert "own.toml" in caught.value.message.zh


def test_bands_of_a_technology_that_overlap_are_refused(tmp_path):
    other = {**TRANSMITTER, "band_mhz_min": 799, "band_mhz_max": 900, "frequency_mhz": 850, "for_unknown_band": "false"}
    with pytest.raises(InputError, match="overlap at 799"):
        loaded(tmp_path, toml("transmitter", TRANSMITTER, other))


@pytest.mark.parametrize(
    ("change", "says"), [({"height_m": -1}, "height_m"), ({"zh": None}, "zh"), ({"status": None}, "status")]
)
def test_a_wrong_clutter_class_is_refused_by_the_name_of_what_is_wrong(tmp_path, change, says):
    entry = {name: value for name, value in {**CLUTTER, **change}.items() if value is not None}
    with pytest.raises(InputError, match=says):
        loaded(tmp_path, toml("clutter", entry))


def test_two_heights_for_one_class_are_refused(tmp_path):
    with pytest.raises(InputError, match="twice"):
        loaded(tmp_path, toml("clutter", CLUTTER, CLUTTER))
