"""Other spellings of the same value: what must be read without a doubt, and told."""

from __future__ import annotations

from .cells import FULL_WIDTH, Spelling, any_of, dates, degrees_minutes, dms, patterns, spoiler, translated

AT = ("lon", "lat")
NULL_WORDS = ("无", "/", "NULL", "-", "—", "N/A", "暂无", "null", "\\", "空", "--", "None", "#N/A", "(空)")
STATUS = {
    "现状": ("在网", "现网", "存量", "已建", "在用", "已开通", "正常", "运行中", "已入网", "开通"),
    "在建": ("建设中", "工程", "施工中", "在建中"),
    "规划": ("拟建", "待建", "规划中", "计划"),
    "退网": ("已拆除", "停用", "拆除", "已退网"),
}
TECHNOLOGY = {
    "5G": ("NR", "5G NR", "SA", "5GNR", "5G SA", "gNodeB"),
    "4G": ("LTE", "FDD-LTE", "TD-LTE", "FDD", "TDD-LTE"),
}
OPERATOR = {
    "中国移动": ("移动", "移动公司", "中移动", "YD", "中国移动公司"),
    "中国移动、中国广电": ("移动/广电", "移动、广电", "移动,广电", "移动+广电"),
}
BRANCH = {"中国移动": ("中国移动通信集团沧屏分公司", "中国移动沧屏分公司", "沧屏移动", "海岳移动")}

CELLS = (
    # degrees, minutes and seconds
    Spelling("dms_signs", "mobile", AT, dms("{d}°{m}′{s}″{h}"), ("dms",)),
    Spelling("dms_ascii_quotes", "mobile", AT, dms("{d}°{m:02d}'{s}\""), ("dms",)),
    Spelling("dms_hemisphere_first", "mobile", AT, dms("{h}{d}°{m}′{plain}″"), ("dms",)),
    Spelling("dms_hyphens", "mobile", AT, dms("{d}-{m:02d}-{s}"), ("dms",)),
    Spelling("dms_chinese", "mobile", AT, dms("{d}度{m}分{plain}秒"), ("dms",)),
    Spelling("dms_chinese_prefix", "mobile", AT, dms("{zh}{d}度{m:02d}分{s}秒"), ("dms",)),
    Spelling("dms_colons", "mobile", AT, dms("{d}:{m:02d}:{s}"), ("dms",)),
    Spelling("dms_spaces", "mobile", AT, dms("{d} {m:02d} {s}"), ("dms",)),
    Spelling("dms_curly_quotes", "mobile", AT, dms("{d}°{m}’{s}”"), ("dms",)),
    Spelling("dms_one_decimal", "mobile", AT, dms("{d}°{m}′{s}″{h}", 1), ("dms",), tolerance_deg=2e-5),
    Spelling("dm_decimal_minutes", "mobile", AT, degrees_minutes("{d}°{m}′{h}"), ("dms",)),
    Spelling("dms_every_row", "mobile", AT, dms("{d}°{m}′{s}″"), ("dms",), every=True),
    Spelling("degree_sign_only", "mobile", AT, patterns("{}°", "{}度"), ("dms", "unit_in_cell")),
    Spelling(
        "hemisphere_letter", "mobile", ("lon",), patterns("{}E", "E{}", "{}°E", "东经{}"), ("dms", "unit_in_cell")
    ),
    # digits and numbers
    Spelling("full_width_coordinates", "mobile", AT, lambda c, _: c.translate(FULL_WIDTH), ("full_width",)),
    Spelling(
        "full_width_numbers",
        "mobile",
        ("antenna_height_m", "band_mhz"),
        lambda c, _: c.translate(FULL_WIDTH),
        ("full_width",),
    ),
    Spelling("full_width_ids", "mobile", ("station_id",), lambda c, _: c.translate(FULL_WIDTH), ("full_width",)),
    Spelling(
        "full_width_technology",
        "mobile",
        ("technology",),
        lambda c, _: c.translate(FULL_WIDTH) + "",
        ("full_width", "dialect"),
    ),
    Spelling("decimal_comma_coordinates", "mobile", AT, lambda c, _: c.replace(".", ","), ("decimal_comma",), "warns"),
    Spelling(
        "decimal_comma_numbers",
        "measurements",
        ("rsrp_dbm",),
        lambda c, _: c.replace(".", ","),
        ("decimal_comma",),
        "warns",
    ),
    Spelling(
        "height_with_metres",
        "mobile",
        ("antenna_height_m",),
        patterns("{}米", "{}m", "{} m", "{}M", "{}公尺"),
        ("unit_in_cell",),
    ),
    Spelling("band_in_gigahertz", "mobile", ("band_mhz",), lambda c, _: f"{int(c) / 1000:g}G", ("unit_in_cell",)),
    Spelling(
        "band_in_gigahertz_written_out",
        "mobile",
        ("band_mhz",),
        lambda c, _: f"{int(c) / 1000:g} GHz",
        ("unit_in_cell",),
    ),
    Spelling("band_with_megahertz", "mobile", ("band_mhz",), patterns("{}M", "{}MHz", "{}兆"), ("unit_in_cell",)),
    Spelling("azimuth_with_degrees", "mobile", ("azimuth_deg",), patterns("{}°", "{}度"), ("unit_in_cell", "dms")),
    Spelling("level_with_dbm", "measurements", ("rsrp_dbm",), patterns("{}dBm", "{} dBm", "{}dbm"), ("unit_in_cell",)),
    Spelling("households_with_unit", "villages", ("households",), patterns("{}户", "{} 户"), ("unit_in_cell",)),
    Spelling("people_with_ren", "villages", ("population",), patterns("{}人", "{} 人"), ("unit_in_cell",)),
    Spelling(
        "minus_sign_typed_as_dash",
        "measurements",
        ("rsrp_dbm",),
        lambda c, r: c.replace("-", r.choice("－−–")),
        ("full_width", "not_a_number", "text_number"),
    ),
    # text
    Spelling(
        "spaces_around_names",
        "mobile",
        ("name",),
        patterns(" {}", "{} ", "  {} ", "\u3000{}", "{}\u00a0"),
        ("blanks_in_text",),
    ),
    Spelling(
        "line_break_in_name", "mobile", ("name",), lambda c, _: c[:3] + "\n" + c[3:], ("blanks_in_text",), kept=""
    ),
    Spelling("line_break_after_name", "mobile", ("name",), patterns("{}\n", "{}\r\n", "\n{}"), ("blanks_in_text",)),
    Spelling("tab_after_id", "mobile", ("station_id",), patterns("{}\t", "\t{}"), ("blanks_in_text",)),
    Spelling(
        "zero_width_in_name", "mobile", ("name",), patterns("\u200b{}", "{}\u200b", "\ufeff{}"), ("blanks_in_text",)
    ),
    Spelling(
        "spaces_in_code",
        "villages",
        ("village_code",),
        lambda c, _: f"{c[:6]} {c[6:9]} {c[9:]}",
        ("blanks_in_text", "text_number"),
    ),
    Spelling("apostrophe_before_code", "villages", ("village_code",), patterns("'{}", "’{}", "`{}"), ("text_number",)),
    Spelling("point_zero_after_code", "villages", ("village_code",), patterns("{}.0"), ("text_number",)),
    Spelling("equals_quote_code", "villages", ("village_code",), patterns('="{}"'), ("text_number", "formula")),
    Spelling("words_for_nothing", "mobile", ("antenna_height_m",), any_of(*NULL_WORDS), ("null_word",), kept="empty"),
    Spelling(
        "words_for_nothing_in_dates",
        "mobile",
        ("in_service_date",),
        any_of("无", "/", "NULL", "-", "暂无"),
        ("null_word",),
        kept="empty",
    ),
    Spelling(
        "words_for_nothing_in_text",
        "mobile",
        ("site_id",),
        any_of("无", "/", "NULL", "暂无", "-"),
        ("null_word",),
        kept="empty",
    ),
    # code lists
    Spelling("status_dialects", "mobile", ("status",), translated(STATUS), ("dialect",)),
    Spelling(
        "status_as_digit",
        "mobile",
        ("status",),
        translated({"现状": ("1",)}),
        ("dialect", "unknown_code", "bad_required"),
        kept="",
    ),
    Spelling("technology_dialects", "mobile", ("technology",), translated(TECHNOLOGY), ("dialect",)),
    Spelling("operator_short_forms", "mobile", ("operator",), translated(OPERATOR), ("dialect",)),
    Spelling(
        "operator_branches",
        "mobile",
        ("operator",),
        translated(BRANCH),
        ("dialect", "unknown_code", "bad_required"),
        kept="",
    ),
    Spelling(
        "flags_in_every_dialect",
        "villages",
        ("is_border",),
        translated({"是": ("Y", "√", "有", "true", "T"), "否": ("N", "×", "false", "F", "非")}),
        ("dialect", "not_a_flag", "null_word"),
        kept="",
    ),
    # dates
    Spelling("date_slashes", "mobile", ("in_service_date",), dates("{y}/{m}/{d}", "{y}/{mm}/{dd}"), ("date_spelling",)),
    Spelling("date_dots", "mobile", ("in_service_date",), dates("{y}.{m}.{d}", "{y}.{mm}.{dd}"), ("date_spelling",)),
    Spelling(
        "date_chinese",
        "mobile",
        ("in_service_date",),
        dates("{y}年{m}月{d}日", "{y}年{mm}月{dd}日"),
        ("date_spelling",),
    ),
    Spelling("date_eight_digits", "mobile", ("in_service_date",), dates("{y}{mm}{dd}"), ("date_spelling",)),
    Spelling(
        "date_with_time",
        "mobile",
        ("in_service_date",),
        dates("{y}-{mm}-{dd} 00:00:00", "{y}/{m}/{d} 0:00"),
        ("date_spelling",),
    ),
    Spelling(
        "date_as_serial",
        "mobile",
        ("in_service_date",),
        dates("{serial}"),
        ("date_spelling", "not_a_date", "ambiguous_date"),
        kept="",
    ),
    Spelling(
        "date_month_only",
        "mobile",
        ("in_service_date",),
        dates("{y}年{m}月", "{y}-{mm}", "{y}/{m}"),
        ("month_only",),
        "warns",
        kept="",
    ),
)
SPOILERS = tuple(spoiler(one) for one in CELLS)
