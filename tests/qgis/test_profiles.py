"""The window of delivery profiles, with the engine itself: what it shows, and what a change leaves behind."""

import pytest


@pytest.fixture
def window(real_engine, language, iface, wait):
    """Open the window; close it afterwards."""
    from xinji_planner.ui.delivery.dialog import ProfileDialog

    opened = []

    def open_in(spoken="zh-Hans", profile="municipal"):
        language(spoken)
        made = ProfileDialog(None, iface.mainWindow())
        opened.append(made)
        made.show()
        wait(lambda: made.shown is not None and not made.is_busy())
        made.open_profile(profile)
        wait(lambda: made.shown.name == profile and not made.is_busy())
        return made

    yield open_in
    for made in opened:
        made.discard()
        made.deleteLater()


def turn_to(made, group, title=""):
    for at in range(made.pages.topLevelItemCount()):
        item = made.pages.topLevelItem(at)
        if item.text(0) == group and not title:
            made.pages.setCurrentItem(item)
            return
        for below in range(item.childCount()):
            if item.text(0) == group and item.child(below).text(0).startswith(title):
                made.pages.setCurrentItem(item.child(below))
                return
    raise AssertionError(f"no page {group} {title}")


def rows(made):
    model = made.model
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def change(made, wait, row, column, text):
    assert made.model.setData(made.model.index(row, column), text)
    wait(lambda: not made.is_busy())


def test_every_field_shows_its_status_in_words_of_the_language(window):
    made = window()
    turn_to(made, "图层字段", "ZDJCSSD")
    assert rows(made)[5][:7] == ["GHZT", "规划状态", "Char", "2", "", "M 必填", "GHZT"]
    assert "未核实" in rows(made)[0]
    english = window("en")
    turn_to(english, "Fields of the layers", "ZDJCSSD")
    assert "unverified" in rows(english)[0]


def test_a_fault_is_told_at_once_and_nothing_can_be_saved_until_it_is_mended(window, wait):
    made = window()
    turn_to(made, "图层字段", "ZDJCSSD")
    change(made, wait, 0, 3, "长")
    assert "layer ZDJCSSD · SSDM · length" in made.faults.text()
    assert not made.save_as.isEnabled() and not made.save.isEnabled()
    made.undo_change()
    wait(lambda: not made.is_busy())
    assert rows(made)[0][3] == "10" and made.save_as.isEnabled()


def test_a_shipped_profile_is_saved_as_ones_own_and_then_changed_in_place(window, wait, tmp_path):
    made = window()
    turn_to(made, "图层")
    change(made, wait, 0, 3, "2090020599")
    assert not made.save.isEnabled()  # shipped
    own = tmp_path / "本县规格.toml"
    made.save_profile(str(own))
    wait(lambda: made.shown.name == "本县规格" and not made.is_busy())
    assert made.changes == [] and 'ysdm = "2090020599"' in own.read_text(encoding="utf-8")
    turn_to(made, "代码表", "GHZT")
    made.add_row()
    wait(lambda: not made.is_busy())
    change(made, wait, made.model.rowCount() - 1, 1, "在建")
    made.save_profile()
    wait(lambda: not made.changes and not made.is_busy())
    assert "在建" in own.read_text(encoding="utf-8")


def test_a_row_is_taken_out_and_the_layer_it_belonged_to_stays(window, wait):
    made = window()
    turn_to(made, "检查规则")
    before = made.model.rowCount()
    made.table.setCurrentIndex(made.model.index(0, 0))
    made.remove_row()
    wait(lambda: not made.is_busy())
    assert made.model.rowCount() == before - 1
    assert len(made.changes) == 1


def test_words_of_the_file_are_chosen_from_a_list_with_what_they_mean(window, wait):
    from qgis.PyQt.QtWidgets import QStyleOptionViewItem

    made = window()
    turn_to(made, "规定", "坐标系")
    delegate, index = made.table.itemDelegate(), made.model.index(0, 1)
    editor = delegate.createEditor(made.table, QStyleOptionViewItem(), index)
    delegate.setEditorData(editor, index)
    assert editor.currentText() == "三度带，加带号"
    editor.setCurrentIndex(editor.findData("4490"))
    delegate.setModelData(editor, made.model, index)
    wait(lambda: not made.is_busy())
    assert rows(made)[0][1] == "经纬度（4490）"
