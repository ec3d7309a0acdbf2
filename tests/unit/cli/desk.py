"""A small service desk for the stories about the command line: a procedure, its people, and how to call procflow."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from procflow.cli import main

PROCEDURE = """\
procflow: 1
procedure: complaint
version: "1.0.0"
title: { en: Complaint, fa: شکایت }
controls: [ISO-10002]
roles:
  agent: Takes complaints in
  lead: Approves answers
data:
  ours: { type: yes-no }
  sum: { type: money, currency: EUR }
start: intake
steps:
  intake:
    by: agent
    collect: [ours]
    actions:
      accept: { to: approval, when: ours, optional: [sum] }
      refuse: { to: refused, when: not ours, reason: required }
  approval:
    by: lead
    four-eyes: intake
    actions:
      approve: { to: closed, evidence: [letter] }
  closed: { end: answered }
  refused: { end: refused }
"""

PEOPLE = """\
people:
  ana: { roles: [agent, lead] }
  dan: { roles: [lead] }
"""

TABLE = """\
ticket,at,what,who
T-1,2026-11-02T09:00:00Z,accept,ana
T-1,2026-11-02T10:00:00Z,approve,dan
T-2,2026-11-02T11:00:00Z,approve,dan
T-3,2026-11-03T09:00:00Z,accept,ana
T-3,2026-11-03T10:00:00Z,approve,ana
"""

MAPPING = """\
case: ticket
time: { column: at }
action: { column: what }
actor: who
witnesses: [actor, time]
"""


class Desk:
    """A folder with the files above, and procflow called in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.put("complaint.yaml", PROCEDURE)
        self.put("people.yaml", PEOPLE)
        self.put("log.csv", TABLE)
        self.put("log.map.yaml", MAPPING)

    def put(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def __call__(self, *words: str, input: str | bytes | None = None) -> Result:
        """Run procflow with these words; files and the store are those of the folder."""
        environment = {
            "PROCFLOW_STORE": f"sqlite:///{self.folder}/desk.db",
            "PROCFLOW_WORKSPACE": str(self.folder),
            "COLUMNS": "80",
            "NO_COLOR": None,
            "FORCE_COLOR": None,
        }
        return CliRunner().invoke(main, list(words), input=input, env=environment, prog_name="procflow")

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def opened(self, *words: str) -> str:
        """Publish, open a case and return its id."""
        published = self("publish", self.path("complaint.yaml"))
        assert published.exit_code == 0, published.output
        started = self("start", "complaint", "--by", "ana", *words)
        assert started.exit_code == 0, started.output
        return started.stdout.split()[0]
