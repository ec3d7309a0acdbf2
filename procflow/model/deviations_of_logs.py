"""DV8 and DV9: what is wrong with a log or a trail. Findings, which nobody is blamed for, not deviations of a case."""

from __future__ import annotations

from procflow.errors import Severity
from procflow.model.deviation_class import deviation_class

_CRITICAL, _MAJOR, _INFO = Severity.CRITICAL, Severity.MAJOR, Severity.INFO

OF_LOGS = (
    # DV8 quality of the log: findings, not deviations
    deviation_class(
        "DV801",
        "row-unreadable",
        _MAJOR,
        "A row cannot be read, so its event is not judged.",
        """The finding gives file and line. The row is counted as faulty: rows read = used + repeated + ignored + faulty.""",
    ),
    deviation_class(
        "DV802",
        "time-missing",
        _MAJOR,
        "A row has no time, or one that does not fit the mapping's format.",
        """Without a time the event has no place in its case, so it is not judged and counts as faulty. What to do: look at `time`
in the mapping, above all at `format` and `zone`.""",
    ),
    deviation_class(
        "DV803",
        "duplicate",
        _INFO,
        "A row repeats another one letter for letter.",
        """The copy is counted as repeated and not judged: exporting twice is not working twice.""",
    ),
    deviation_class(
        "DV804",
        "gap",
        _INFO,
        "Entries of a case are missing from the log, or cannot be read.",
        """Numbers of the order column are missing, or a row of the case is faulty. What happened there is not observable: an
action skipped inside a gap is reported as DV805, not as a deviation, and after the gap nobody knows who left which
step. A faulty row is a gap wherever it may belong; if that may be after the last event, the case counts as open. What
to do: mend the row or the mapping, or export the log again.""",
    ),
    deviation_class(
        "DV805",
        "not-observable",
        _INFO,
        "An action may have been skipped, or may have happened where the log has a gap.",
        """Not recorded is not the same as not done. Counted, never held against anybody.""",
    ),
    deviation_class(
        "DV806",
        "undecidable",
        _INFO,
        "Events would be in the wrong order as their rows stand, but the log does not say which came first.",
        """Their times are equal, or closer than the `resolution` of the mapping, and no number orders them. In another order
they follow the procedure, or come closer to it, so they are judged in that order and nobody is blamed for the other.
What to do: name an `order` column in the mapping if the log has one.""",
    ),
    deviation_class(
        "DV807",
        "order-ambiguous",
        _INFO,
        "Events of one case carry the same time and nothing says which came first.",
        """Their times are equal, or closer than the `resolution` of the mapping. They are judged in the order of the rows,
or, if that does not fit the procedure, in one that fits it better (DV806). What to do:
name an `order` column in the mapping if the log has one.""",
    ),
    deviation_class(
        "DV808",
        "column-unknown",
        _MAJOR,
        "The mapping names a column that the log does not have, or a word that the mapping does not translate.",
        """A row with an untranslated word is counted as faulty rather than guessed at. What to do: add the word under `to`, or
under `ignore` with a reason.""",
    ),
    deviation_class(
        "DV809",
        "case-cut",
        _INFO,
        "A case began before the log does.",
        """Only its visible part is judged: what came before the first row is not observable. Cut cases are counted apart.""",
    ),
    deviation_class(
        "DV810",
        "empty",
        _MAJOR,
        "There is nothing to judge.",
        """Empty is never compliant: a log without cases, a filter that matches nothing or a mapping that witnesses nothing
must not look like a clean result.""",
    ),
    deviation_class(
        "DV811",
        "number-ambiguous",
        _INFO,
        "A column of numbers holds cells such as `1.500`, and the mapping does not say which sign begins the decimals.",
        """They were read as one and a half. If the tool writes thousands so, every limit was held against a thousandth of the
amount. What to do: write `decimal: ","` or `decimal: "."` beside the column in the mapping; then nothing is told.""",
    ),
    deviation_class(
        "DV812",
        "name-unseen",
        _INFO,
        "A rule names what no event of the log is called.",
        """Rules alone are audited by the names of the log: a misspelt one would be missing in every case, or never forbidden.
Nothing is wrong if it just never happened. What to do: look at the name in the rule, and at `to` in the mapping.""",
    ),
    deviation_class(
        "DV813",
        "calendar-too-short",
        _MAJOR,
        "A calendar cannot tell the time that a clock takes.",
        """It ends before the clock does, or it is not there at all. What it does not cover it does not answer: nobody knows
the holidays of years that nobody has entered, so the clock is not examined rather than judged by a guess. Told once a
clock and case. What to do: add the hours and holidays of further years (`procflow calendar import`), or give the
calendar with `--calendars`.""",
    ),
    deviation_class(
        "DV814",
        "calendars-unknown",
        _MAJOR,
        "Nobody has the calendars that a case went by.",
        """An engine writes down which calendars a case went by, so that a holiday that was added later changes no verdict.
Here they are not at hand, and time was counted on those given: what was late may have been in time, and the other way
round. What to do: export the case with `--output`, which puts its calendars beside it, or give them with `--calendars`.""",
    ),
    deviation_class(
        "DV815",
        "openings-unseen",
        _INFO,
        "Nothing says when cases began, and clocks count from there.",
        """What was done first is on record, and not when the case was opened: so what counts from the opening counts from
the first entry, and is told too short. What that very entry ends is not examined. Told once a log, with how many cases.
What to do: name the column that says when a case began in `opened` of the mapping, or the word for the row that opens
it in `opens` of its `action`.""",
    ),
    deviation_class(
        "DV816",
        "time-ambiguous",
        _INFO,
        "Cells hold moments that the clock on the wall showed twice, or never.",
        """They are written without an offset, and the clocks of the mapping's zone changed then. What comes twice was read as the
first of the two, what never came with the offset before the change, as RFC 5545 says: times may be an hour off. Told once
a column, with how many cells. What to do: have the tool write times with their offset, or in UTC.""",
    ),
    # DV9 trail
    deviation_class(
        "DV901",
        "altered",
        _CRITICAL,
        "An entry is not what it was when it was recorded.",
        """Every entry names the digest (SHA-256) of the one before it. If a line of an export was changed, the next one no
longer follows it. The command line ends with exit code 4. What to do: compare the file with the store, or with an export
somebody else kept.""",
    ),
    deviation_class(
        "DV902",
        "removed",
        _CRITICAL,
        "An entry is missing from a case.",
        """An engine numbers the entries of a case without holes. A hole means that a line was taken out, or cannot be read.
What may have been skipped there is counted as not observable (DV805), so that nobody is blamed for what is missing.""",
    ),
    deviation_class(
        "DV903",
        "reordered",
        _CRITICAL,
        "Entries stand in another order than they were recorded in.",
        """The number of an entry is part of what its digest covers. An audit reads an export by these numbers, so the order of
its lines alone is no finding there; in a store it is.""",
    ),
    deviation_class(
        "DV904",
        "inserted",
        _CRITICAL,
        "An entry was added that was never recorded there.",
        """Every entry names the log and the case it was written for. One that names another, or a number that is there twice,
was put in from elsewhere.""",
    ),
    deviation_class(
        "DV905",
        "truncated",
        _CRITICAL,
        "The end of a case or of the trail is missing.",
        """A chain proves what it holds, not that it goes on: that the last entries were cut off can be seen only by whoever kept
the digest of the last one.""",
    ),
    deviation_class("DV906", "erased-lawfully", _INFO, "Personal data were erased on record."),
)
"""In the order of their codes."""
