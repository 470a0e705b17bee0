"""Places of quads."""

from schakel.findings import Place
from schakel.stages.statement_places import Sources


def test_a_place_has_a_column_only_where_the_triple_of_the_template_is_known() -> None:
    sources = Sources({1: "data/towers.csv"}, {(1, 0): ("id", "label"), (1, 1): ("id", "")})
    assert sources.place(1, 7) == Place("data/towers.csv", 7)
    assert sources.place(1, 7, 0) == Place("data/towers.csv", 7, "id")
    assert sources.place(1, 7, 0, of_value=True) == Place("data/towers.csv", 7, "label")
    assert sources.place(1, 7, 1, of_value=True) == Place("data/towers.csv", 7)
