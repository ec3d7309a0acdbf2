"""People: who may act, whom a control excludes, and for whom somebody stands in."""

from __future__ import annotations

from procflow.model.event import Witness
from tests.unit.monitors.stories import audit_of, codes, procedure_of

OFFICE = procedure_of("""
roles: { agent: Works, lead: Decides, expert: Knows, client: { title: The client, external: true } }
data: { about: { type: person }, helper: { type: person }, group: { type: team } }
start: draft
steps:
  draft: { by: agent, optional: [about, helper, group], actions: { propose: approval, ask: hold, pass-on: help } }
  hold: { waiting-for: { party: client }, actions: { answer: draft } }
  help: { by: { field: helper }, actions: { advise: draft, hand-over: team-work } }
  team-work: { by: { field: group }, actions: { finish: draft } }
  approval:
    by: lead
    four-eyes: draft
    not-by: about
    actions: { approve: over, send-back: draft, consult: { to: same, by: expert } }
  over: { end: done }
anytime: { note: { to: same, by: any }, cancel: { to: over, by: client } }
""")


def test_the_role_of_the_step_binds_and_that_of_the_action_more() -> None:
    assert codes(OFFICE, "ana/agent propose\nlea/lead approve") == []
    assert codes(OFFICE, "lea/lead propose\nlea2/lead approve") == ["DV201@1"]
    assert codes(OFFICE, "ana/agent propose\neva/expert consult\nlea/lead approve") == []
    assert codes(OFFICE, "ana/agent propose\nlea/lead consult") == ["DV201@2"]
    assert codes(OFFICE, "- note\nana/agent propose") == [], "any is anybody"


def test_what_was_wrong_with_the_role_is_said_in_full() -> None:
    (found,) = audit_of(OFFICE, "bob/expert,client propose").deviations
    assert found.message == "“propose” is for agent; bob holds client, expert"
    assert found.values == {"needed": "agent", "held": "client, expert"}
    assert (found.remedy, found.who_could) == ("let a holder of agent do it", ("agent",))
    (nobody,) = audit_of(OFFICE, "- propose").deviations
    assert nobody.message == "“propose” is for agent; the record names nobody and no role"


def test_four_eyes_are_on_whoever_left_the_step_on_its_latest_visit() -> None:
    assert codes(OFFICE, "ana/agent,lead propose\nana/agent,lead approve") == ["DV202@2"]
    again = """
        ana/agent,lead propose
        lea/lead send-back
        bob/agent propose
        ana/agent,lead approve"""
    assert codes(OFFICE, again) == [], "the draft that is approved is bob's"
    assert codes(OFFICE, again.replace("bob/agent propose", "ana/agent,lead propose")) == ["DV202@4"]


def test_every_action_out_of_the_step_counts_for_four_eyes() -> None:
    story = "ana/agent ask\nc/client answer\nbob/agent propose\nana/agent,lead approve"
    assert codes(OFFICE, story) == [], "ana left draft on an earlier visit"


def test_after_a_gap_nobody_knows_who_left_which_step() -> None:
    def left(story: str) -> tuple[list[str], dict[str, int]]:
        audit = audit_of(OFFICE, story)
        return [one.code for one in audit.deviations], dict(audit.not_examined)

    told = {"people: who left draft": 1}
    assert left("ana/agent,lead propose\nana/agent,lead ~approve") == ([], told), "somebody may have proposed it anew"
    assert left("ana/agent,lead propose\nbob/lead ~approve") == ([], told), "and that may have been bob"
    again = "ana/agent,lead propose\nlea/lead ~send-back\n{}/agent propose\nana/agent,lead approve"
    assert left(again.format("bob")) == ([], told), "of lea, who sent it back, it is not known"
    assert left(again.format("ana")) == (["DV202"], told), "what comes after the gap is known"
    assert left("lea/lead ~approve") == ([], told), "who left it lies before the log"
    assert left("ana/agent,lead propose\nx ~dance\nana/agent,lead approve") == (["DV106"], told)


def test_whoever_is_not_named_may_be_anybody() -> None:
    audit = audit_of(OFFICE, "- propose\nana/lead approve")
    assert [one.code for one in audit.deviations] == ["DV201"], "nobody named holds no role"
    assert dict(audit.not_examined) == {"people: who left draft": 1}
    audit = audit_of(OFFICE, "ana/agent propose\n- approve")
    assert dict(audit.not_examined) == {"people: actor": 2}, "two controls were not checked: four-eyes and not-by"


def test_where_no_role_is_asked_for_none_is_missed() -> None:
    witness = Witness(actor=True, role=False)
    assert dict(audit_of(OFFICE, "ana propose\nx note", witness).not_examined) == {"people: roles": 1}


def test_what_was_skipped_begins_a_new_visit() -> None:
    rounds = """
roles: { agent: Works }
start: write
steps:
  write: { by: agent, four-eyes: write, actions: { hand-in: check, close: over } }
  check: { by: agent, actions: { send-back: write } }
  over: { end: done }
"""
    assert codes(rounds, "ana/agent hand-in\nana/agent close") == ["DV101@2"], "who handed in before is forgotten"


def test_who_acts_for_another_counts_as_himself() -> None:
    assert codes(OFFICE, "ana/agent>bob propose\nana/lead>bob approve") == ["DV202@2"]
    assert codes(OFFICE, "ana/agent>lea propose\nlea/lead approve") == []


def test_whom_the_case_is_about_may_not_act() -> None:
    assert codes(OFFICE, "ana/agent propose about=lea\nlea/lead approve") == ["DV208@2"]
    assert codes(OFFICE, "ana/agent propose about=lea\nlou/lead approve") == []
    assert codes(OFFICE, "ana/agent propose\nlea/lead approve") == [], "nobody is named, nobody is barred"
    assert codes(OFFICE, "ana/agent propose about=lea\nlea/lead approve about=null") == []


def test_in_a_waiting_step_the_party_acts_or_somebody_on_its_behalf() -> None:
    assert codes(OFFICE, "ana/agent ask\nc/client answer") == []
    assert codes(OFFICE, "ana/agent ask\nana/agent>client answer") == []
    (found,) = audit_of(OFFICE, "ana/agent ask\nana/agent answer").deviations
    assert (found.code, found.who_could) == ("DV201", ("client",))
    assert found.remedy == "say on whose behalf it was done, or let client do it"
    assert codes(OFFICE, "ana/agent ask\nana/agent> answer") == ["DV201@2"], "on behalf of nobody"


def test_a_field_names_the_person_or_the_team_that_may_act() -> None:
    assert codes(OFFICE, "ana/agent pass-on helper=eva\neva advise") == []
    (found,) = audit_of(OFFICE, "ana/agent pass-on helper=eva\nbob/agent advise").deviations
    assert (found.code, found.who_could, found.remedy) == ("DV201", ("eva",), "let eva do it")
    assert codes(OFFICE, "ana/agent pass-on\neva advise") == ["DV305@2"], "who it is cannot be said"
    story = "ana/agent pass-on helper=eva\neva hand-over group=desk\n{} finish"
    assert codes(OFFICE, story.format("bob@desk")) == []
    assert codes(OFFICE, story.format("bob@care")) == ["DV201@3"]
    assert codes(OFFICE, story.format("desk")) == ["DV201@3"], "a person who is called like the team"
    assert codes(OFFICE, "ana/agent pass-on helper=eva\nbob@eva advise") == ["DV201@2"], "and the other way round"


def test_an_action_that_is_not_due_is_nobodys_fault_twice() -> None:
    assert codes(OFFICE, "bob finish") == ["DV102@1"], "who acted is judged only of what is part of the story"
