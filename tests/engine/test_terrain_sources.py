"""Which files are taken as terrain, and how the others are refused: no links, no guesses, the remedy said."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from xinji_planner.errors import InputError
from xinji_planner.layers.terrain import FOUND, OUTSIDE, VOID, open_terrain

HEIGHTS = np.arange(12).reshape(3, 4) + 100
CORNER = from_origin(100.0, 30.0, 0.1, 0.1)


def tif(path, heights=HEIGHTS, transform=CORNER, **changes):
    heights = np.atleast_3d(heights)
    profile = {"crs": "EPSG:4490", "dtype": "int16", **changes}
    rows, columns, bands = heights.shape
    with rasterio.open(
        path, "w", driver="GTiff", width=columns, height=rows, count=bands, transform=transform, **profile
    ) as target:
        for band in range(bands):
            target.write(heights[:, :, band].astype(profile["dtype"]), band + 1)
    return path


def vrt(path, *sources, nodata="", columns=8, band="", root="", more=""):
    """Write a VRT of 4 × 3 pixel tiles side by side."""
    parts = "".join(
        f'<SimpleSource><SourceFilename relativeToVRT="{int(relative)}">{name}</SourceFilename>'
        f'<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="4" ySize="{high}"/>'
        f'<DstRect xOff="{left}" yOff="0" xSize="4" ySize="3"/></SimpleSource>'
        for name, left, relative, high in sources
    )
    void = f"<NoDataValue>{nodata}</NoDataValue>" if nodata else ""
    path.write_text(
        f'<VRTDataset rasterXSize="{columns}" rasterYSize="3"{root}><SRS>EPSG:4490</SRS>'
        "<GeoTransform>100.0, 0.1, 0.0, 30.0, 0.0, -0.1</GeoTransform>"
        f'<VRTRasterBand dataType="Int16" band="1"{band}>{void}{parts}{more}</VRTRasterBand></VRTDataset>',
        encoding="utf-8",
    )
    return path


def refusal(path):
    with pytest.raises(InputError) as caught:
        open_terrain(path)
    assert caught.value.remedy.zh and caught.value.remedy.en
    return caught.value


def test_a_vrt_shows_its_tiles_pixel_for_pixel(tmp_path):
    tif(tmp_path / "west.tif")
    tif(tmp_path / "east.tif", HEIGHTS + 50, from_origin(100.4, 30.0, 0.1, 0.1))
    path = vrt(tmp_path / "all.vrt", ("west.tif", 0, True, 3), (str(tmp_path / "east.tif"), 4, False, 3))
    with open_terrain(path) as found:
        assert found.heights([100.05, 100.45, 100.4], [29.95] * 3) == pytest.approx([100, 150, 126.5])
        assert [file.name for file in found.files_at([100.05], [29.95])] == ["all.vrt", "west.tif"]


def test_between_the_tiles_of_a_vrt_there_is_no_sea(tmp_path):
    """Without a nodata value GDAL fills the pixels of no tile with 0."""
    tif(tmp_path / "west.tif")
    for path in (vrt(tmp_path / "a.vrt", ("west.tif", 0, True, 3)),
                 vrt(tmp_path / "b.vrt", ("west.tif", 0, True, 3), nodata="-9999")):  # fmt: skip
        with open_terrain(path) as found:
            assert found.sample([100.25, 100.65, 100.95], [29.85] * 3).state.tolist() == [FOUND, VOID, OUTSIDE]


@pytest.mark.parametrize(
    "name",
    ["http://example.org/a.tif", "/vsicurl/http://example.org/a.tif", "/vsizip/a.zip/a.tif", "WMS:http://x",
     "//host/a.tif", "<GDAL_WMS><Service/></GDAL_WMS>".replace("<", "&lt;"), "NETCDF:a.nc:z", "missing.tif", ""],
)  # fmt: skip
def test_a_vrt_that_links_elsewhere_is_refused(tmp_path, name):
    refusal(vrt(tmp_path / "a.vrt", (name, 0, True, 3)))


def test_a_vrt_may_not_name_a_file_that_itself_is_a_link(tmp_path):
    (tmp_path / "service.tif").write_text("<GDAL_WMS><Service/></GDAL_WMS>")
    assert "service.tif" in refusal(vrt(tmp_path / "a.vrt", ("service.tif", 0, True, 3))).message.en
    tif(tmp_path / "west.tif")
    vrt(tmp_path / "inner.vrt", ("west.tif", 0, True, 3))
    assert "inside" in refusal(vrt(tmp_path / "b.vrt", ("inner.vrt", 0, True, 3))).message.en


def test_a_link_hidden_in_an_overview_or_a_mask_is_found(tmp_path):
    tif(tmp_path / "west.tif")
    link = "<Overview><SourceFilename>/vsicurl/http://example.org/a.tif</SourceFilename></Overview>"
    assert "network" in refusal(vrt(tmp_path / "a.vrt", ("west.tif", 0, True, 3), more=link)).message.en


@pytest.mark.parametrize(
    "options",
    [{"root": ' subClass="VRTWarpedDataset"'}, {"band": ' subClass="VRTDerivedRasterBand"'},
     {"band": ' subClass="VRTRawRasterBand"'}, {"more": "<KernelFilteredSource/>"}],
)  # fmt: skip
def test_a_vrt_that_warps_or_computes_is_refused(tmp_path, options):
    tif(tmp_path / "west.tif")
    assert "twice" in refusal(vrt(tmp_path / "a.vrt", ("west.tif", 0, True, 3), **options)).message.en


def test_a_vrt_that_stretches_its_source_is_refused(tmp_path):
    tif(tmp_path / "west.tif")
    assert "twice" in refusal(vrt(tmp_path / "a.vrt", ("west.tif", 0, True, 2))).message.en


@pytest.mark.parametrize("text", ["<VRTDataset", "<!DOCTYPE x [<!ENTITY a 'b'>]><VRTDataset/>", "<x><VRTDataset/></x>"])
def test_a_broken_vrt_is_refused(tmp_path, text):
    path = tmp_path / "a.vrt"
    path.write_text(text)
    refusal(path)


def test_a_raster_without_a_crs_is_refused_with_the_way_to_mend_it(tmp_path):
    error = refusal(tif(tmp_path / "a.tif", crs=None))
    assert "no CRS" in error.message.en and "Assign projection" in error.remedy.en and "N27E086.hgt" in error.remedy.zh


def test_an_hgt_of_another_name_is_refused_with_the_right_form(tmp_path):
    path = tmp_path / "everest.hgt"
    np.zeros((1201, 1201), dtype=">i2").tofile(path)
    error = refusal(path)
    assert "N27E086.hgt" in error.remedy.en


def test_an_hgt_of_a_wrong_size_is_refused(tmp_path):
    path = tmp_path / "N27E086.hgt"
    np.zeros(1000, dtype=">i2").tofile(path)
    assert "N27E086.hgt" in refusal(path).message.zh


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"heights": np.zeros((3, 4, 3)), "dtype": "int16"}, "3 bands"),
        ({"dtype": "uint8"}, "uint8"),
        ({"dtype": "complex64"}, "complex"),
        ({"crs": "EPSG:4214"}, "Beijing 1954"),
    ],
)
def test_what_is_no_elevation_raster_says_why(tmp_path, changes, words):
    path = tif(tmp_path / "a.tif", **changes)
    assert words in refusal(path).message.en


def test_an_unknown_unit_is_refused(tmp_path):
    path = tif(tmp_path / "a.tif")
    with rasterio.open(path, "r+") as target:
        target.units = ("fathom",)
    assert "fathom" in refusal(path).message.zh


@pytest.mark.parametrize("content", [b"", b"not a raster", b"PK\x03\x04zip", b"II*\0broken"])
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    assert "a.tif" in refusal(path).message.en


def test_a_file_that_breaks_off_is_told_when_it_is_read(tmp_path):
    path = tif(tmp_path / "a.tif", np.random.default_rng(1).integers(0, 999, (900, 900)), compress="deflate")
    path.write_bytes(path.read_bytes()[:300_000])
    with pytest.raises(InputError, match=r"a\.tif"), open_terrain(path) as found:
        found.heights([100.05], [-50.0])


def test_every_bad_file_of_a_folder_is_named(tmp_path):
    tif(tmp_path / "a.tif")
    tif(tmp_path / "b.tif", crs=None)
    (tmp_path / "c.tif").write_bytes(b"")
    assert [fault.file for fault in refusal(tmp_path).faults] == ["b.tif", "c.tif"]


def test_masks_and_error_rasters_beside_the_tiles_are_not_heights(tmp_path):
    tif(tmp_path / "N027E086_DSM.tif")
    tif(tmp_path / "N027E086_MSK.tif", dtype="uint8")
    tif(tmp_path / "N027E086_HEM.tif", dtype="float32")
    (tmp_path / "readme.txt").write_text("x")
    with open_terrain(tmp_path) as found:
        assert [file.name for file in found.files] == ["N027E086_DSM.tif"]
        assert [file.name for file in found.skipped] == ["N027E086_HEM.tif", "N027E086_MSK.tif"]


def test_a_folder_without_elevation_is_refused(tmp_path):
    (tmp_path / "sub").mkdir()
    tif(tmp_path / "sub" / "a.tif")
    assert "subfolders" in refusal(tmp_path).remedy.en
