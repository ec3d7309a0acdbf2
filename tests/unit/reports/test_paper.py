"""Paper: nothing steers the terminal, wide letters count twice, and a share is never rounded to all or nothing."""

from __future__ import annotations

from io import StringIO

import pytest

from procflow.reports.paper import (
    Column,
    Ink,
    Mark,
    clip,
    line,
    lines_of,
    padded,
    plain,
    prose,
    share,
    show,
    table,
    visible,
    width,
)


def test_what_would_steer_the_terminal_becomes_a_sign() -> None:
    assert visible("a\x1b[31mb\x00\x7f") == "a␛[31mb␀␡"
    assert visible("left\u202eright\u2066") == "left\ufffdright\ufffd"
    assert visible("half\ud800") == "half\ufffd"


def test_letters_of_every_alphabet_stay_as_they_are() -> None:
    for text in ("Reclamația clientului", "Жалоба", "شکایت مشتری", "می‌شود", "客户投诉", "👩‍💻"):  # noqa: RUF100
        assert visible(text) == text


def test_width_counts_what_a_terminal_shows() -> None:
    assert width("abc") == 3
    assert width("客户") == 4
    assert width("é") == width("e\u0301") == 1
    assert width("می‌شود") == 5


def test_clipping_and_padding_go_by_width() -> None:
    assert clip("客户投诉", 5) == "客户…"
    assert clip("fits", 4) == "fits"
    assert padded("客", 4) == "客  "
    assert padded("7", 3, right=True) == "  7"


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, 0, ""),
        (0, 3, "0.0 %"),
        (3, 3, "100.0 %"),
        (2, 3, "66.7 %"),
        (1, 100_000, "under 0.1 %"),
        (99_999, 100_000, "99.9 %"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, told: str) -> None:
    assert share(part, whole) == told


def test_prose_is_broken_at_spaces_and_hangs_under_its_label() -> None:
    text = "one two three four five six seven eight nine"
    assert plain(prose(text, 33, indent=2, label="who: ")) == (
        "  who: one two three four five\n       six seven eight nine\n"
    )


def test_prose_takes_line_breaks_for_spaces_and_keeps_a_long_word_whole() -> None:
    assert plain(prose("one\ntwo", 40)) == "one two\n"
    assert plain(prose("x" * 50, 40)) == "x" * 50 + "\n"


def test_a_table_cuts_one_column_so_that_it_fits() -> None:
    columns = (Column(head="times", right=True), Column(head="what", rest=True))
    rows = [("1,204", "a very long name of something"), ("7", "short")]
    assert plain(table(columns, rows, 24)) == "  times  what\n  1,204  a very long na…\n      7  short\n"


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (60, "  times  what\n  1,204  a name that goes on for rather long\n      7    short\n"),
        (36, "  times  what\n  1,204  a name that goes on for\n         rather long\n      7    short\n"),
        (
            30,
            "  what\n    times\n  a name that goes on for\n  rather long\n    1,204\n    short\n        7\n",
        ),
    ],
)
def test_nothing_of_a_column_that_is_whole_is_cut(cells: int, text: str) -> None:
    columns = (Column(head="times", right=True), Column(head="what", whole=True))
    rows = [("1,204", "a name that goes on for rather long"), ("7", "  short")]
    assert plain(table(columns, rows, cells)) == text


def test_a_word_with_no_room_beside_its_row_stands_above_it() -> None:
    columns = (Column(head="times", right=True), Column(head="case", whole=True))
    assert plain(table(columns, [("7", "01KAE6" * 6)], 40)) == f"  case\n    times\n  {'01KAE6' * 6}\n        7\n"


def test_columns_that_do_not_fit_go_on_in_the_next_line() -> None:
    columns = (*(Column(head=name, right=True) for name in ("first", "second", "third")), Column(head="a", whole=True))
    told = plain(table(columns, [("1", "2", "3", "x" * 30)], 20))
    assert told == f"  a\n    first  second\n    third\n  {'x' * 30}\n        1       2\n        3\n"


def test_colour_is_there_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    words = [line("a ", Ink("word", Mark.BAD), " [b]")]
    bare, coloured = StringIO(), StringIO()
    show(words, bare, colour=False)
    show(words, coloured, colour=True)
    assert bare.getvalue() == "a word [b]\n"
    assert "\x1b[1;31mword" in coloured.getvalue()
    assert "[b]" in coloured.getvalue(), "markup in a text is text"


def test_lines_are_counted_as_yaml_counts_them() -> None:
    assert lines_of("\ufeffa\r\nb\rc\nd\u2028e") == ("a", "b", "c", "d\u2028e")


def test_a_file_with_many_findings_is_split_once() -> None:
    text = "k: 1\n" * 3
    assert lines_of(text) is lines_of(text)
