from s4_qgis.panel.confusion import ConfusionWidget, matrix_of

CLASSES = ["maize", "wheat", "grass", "uncertain"]
COUNTS = [[8, 2, 0, 0], [1, 3, 0, 4], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_empty_rows_and_columns_are_left_out():
    matrix = matrix_of(CLASSES, COUNTS)
    assert matrix.rows == ("maize", "wheat")
    assert matrix.columns == ("maize", "wheat", "uncertain")
    assert matrix.counts == ((8, 2, 0), (1, 3, 4))
    assert matrix.share(0, 0) == 0.8
    assert matrix_of(CLASSES, [[0] * 4] * 4).rows == ()


def test_cells_are_shaded_and_tell_their_pixels():
    widget = ConfusionWidget()
    widget.show_matrix(matrix_of(CLASSES, COUNTS))
    widget.resize(360, widget.sizeHint().height())
    image = widget.grab().toImage()
    colours = {}
    tips = set()
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            tip = widget.tip_at(x, y)
            if tip:
                tips.add(tip)
                colours.setdefault(tip, []).append(image.pixelColor(x, y))
    assert len(tips) == 6
    assert "wheat mapped as uncertain: 4 pixels, 50.0%" in tips

    def redness(tip):
        found = max(set(c.name() for c in colours[tip]), key=[c.name() for c in colours[tip]].count)
        return int(found[1:3], 16) - int(found[3:5], 16)

    assert redness("maize mapped as maize: 8 pixels, 80.0%") < -20
    assert redness("wheat mapped as uncertain: 4 pixels, 50.0%") > 20
    assert redness("maize mapped as uncertain: 0 pixels, 0.0%") == 0


def test_without_counts_nothing_is_shown():
    widget = ConfusionWidget()
    widget.show_matrix(matrix_of(CLASSES, [[0] * 4] * 4))
    assert widget.isHidden()
    assert widget.tip_at(5, 5) == ""
