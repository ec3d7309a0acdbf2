"""The words of a story in the language of its reader: people, departments, steps, moments and lengths of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from procflow.calendars.zones import zone_of
from procflow.model.clock import Party, PartyKind
from procflow.model.hand_off import ACTS
from procflow.model.story import CaseStory
from procflow.model.text import Text
from procflow.reports.diagram.lettering import clean
from procflow.reports.document.parts import Id, Name, Run, Written
from procflow.reports.document.promises import plain
from procflow.reports.document.wording import Wording, run
from procflow.texts import Language

_MOST_HOLDERS = 3
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Teller:
    """Names what one story is about."""

    def __init__(self, story: CaseStory, spoken: Language) -> None:
        self.story = story
        self.language = spoken
        self.wording = Wording(story.procedure, spoken)
        self.say, self.cut = spoken.say, spoken.cut
        self._zone = zone_of(story.zone)
        self.departments = tuple(dict.fromkeys(self.department_of(id) for id in story.players if not self.outside(id)))
        """Our own, of those who have a part, in the order in which they enter."""

    # -- people --

    def person(self, id: str) -> Run:
        """Return what somebody is called, or a role."""
        player = self.story.players.get(id)
        if player is None or not player.named:
            return self.role(id) if id in self.story.procedure.roles else (self._said(self.story.names.get(id, id)),)
        return (self._said(player.name),)

    def people(self, ids: Iterable[str]) -> Run:
        """Return several in words; that it is nobody if there are none."""
        named = [self.person(id) for id in ids]
        return self.wording.listed(named) if named else (self.say("nobody"),)

    def role(self, id: str) -> Run:
        """Return what a role is called."""
        known = self.story.procedure.roles.get(id)
        return self._titled(known.name if known is not None else {}, id)

    def meant(self, name: str) -> Run:
        """Return whom the id of a person or a role means: a role with those who play it or hold it, if they are few."""
        if name not in self.story.procedure.roles:
            return self.person(name)
        players = [one for one in self.story.players_of(name) if self.story.players[one].named]
        holders = players or list(self.story.holders.get(name, ()))
        if len(holders) == 1:
            return run(self.cut("{person} ({role})", person=self.person(holders[0]), role=self.role(name)))
        if 1 < len(holders) <= _MOST_HOLDERS:
            return run(self.cut("{role}: {people}", role=self.role(name), people=self.people(holders)))
        return self.role(name)

    def briefly(self, name: str) -> Run:
        """Return whom the id of a person or a role means: of a role that one person plays, that person."""
        players = self.story.players_of(name)
        return self.person(players[0] if len(players) == 1 else name)

    def outside(self, id: str) -> bool:
        """Return True if a player, or a role, is outside our house."""
        player = self.story.players.get(id)
        known = self.story.procedure.roles.get(player.role if player is not None else id)
        return known is not None and known.external

    def department_of(self, id: str) -> str:
        """Return the department of a player; of one that has none, the role."""
        player = self.story.players.get(id)
        role = player.role if player is not None else id
        known = self.story.procedure.roles.get(role)
        return (known.department if known is not None else "") or role

    def department(self, id: str) -> Run:
        """Return what a department is called: as the procedure titles it, else its id in words."""
        if not id:
            return (self.say("others"),)
        title = self.wording.written(self.story.procedure.titles.get(id, {}))
        if title is None and id in self.story.procedure.roles:
            return self.role(id)
        return (title if title is not None else self._said(id.replace("-", " ").capitalize()),)

    def party(self, party: Party) -> Run:
        """Return who has the ball."""
        if party.kind is PartyKind.NOBODY:
            return (self.say("Nobody"),)
        if party.kind is PartyKind.RESOLVED:
            return (self.say("Nobody: it is done"),)
        return self.wording.listed([self.department(one) for one in self.side(party)])

    def side(self, party: Party) -> tuple[str, ...]:
        """Return the departments that have the ball; of roles without one, the roles."""
        roles = self.story.procedure.roles
        named = (roles[one].department or one if one in roles else one for one in party.names)
        return tuple(dict.fromkeys(named))

    # -- things --

    def step(self, id: str) -> Run:
        """Return what a step is called."""
        known = self.story.procedure.steps.get(id)
        return self._titled(known.title if known is not None else {}, id)

    def action(self, id: str) -> Run:
        """Return what an action is called, wherever it is written."""
        if id in ACTS:
            return self._titled(ACTS[id], id)
        return self._titled(self.wording.action_title(id), id)

    def names(self, ids: Sequence[str]) -> Run:
        """Return data fields and proofs by what they are titled, else by their ids."""
        titles = self.story.procedure.titles
        return self.wording.listed([(self.wording.written(titles.get(one, {})) or Id(one),) for one in ids])

    def quoted(self, text: str) -> Run:
        """Return what somebody wrote, in quotation marks."""
        return self.wording.verbatim(text)

    # -- time --

    def local(self, at: datetime) -> datetime:
        """Return a moment as clocks on the wall show it where the story is told."""
        return at.astimezone(self._zone)

    def moment(self, at: datetime) -> str:
        """Return a moment in short: `Tue 3 Mar, 09:12`."""
        return self.language.short_moment(self.local(at))

    def length(self, length: timedelta) -> str:
        """Return a length in the two largest units it has."""
        minutes = max(length, timedelta(0)) // _MINUTE
        days, rest = divmod(minutes, _DAY // _MINUTE)
        hours, left = divmod(rest, _HOUR // _MINUTE)
        number = self.language.number
        if days and hours:
            return self.say("{days} d {hours} h", days=number(days), hours=number(hours))
        if days:
            return self.say("{days} d", days=number(days))
        if hours and left:
            return self.say("{hours} h {minutes} min", hours=number(hours), minutes=number(left))
        if hours:
            return self.say("{hours} h", hours=number(hours))
        return self.say("{minutes} min", minutes=number(left))

    def percent(self, part: timedelta, whole: timedelta) -> str:
        """Return a share in whole percent, never 0 of something."""
        hundredths = round(100 * (part / whole)) if whole else 0
        if part and not hundredths:
            return self.say("under {number} %", number=self.language.number(1))
        return self.say("{number} %", number=self.language.number(hundredths))

    # -- how it is written --

    def _titled(self, text: Text, id: str) -> Run:
        return (self.wording.written(text) or Name(id),)

    def _said(self, text: str) -> Written:
        return Written(text, "", self.language.direction, False)

    def flat(self, told: Run) -> str:
        """Return a run as a text without marks, for a picture: a name keeps its direction to itself."""
        return "".join(one if isinstance(one, str) else self.alone(plain((one,))) for one in told)

    def alone(self, name: str) -> str:
        """Return a name that does not turn its neighbours around."""
        return f"\u2068{clean(name)}\u2069" if self.language.direction == "rtl" else clean(name)
