"""Forms: the JSON Schema a host draws a form from."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from procflow.engine.forms import form
from procflow.loading.procedure import read_procedure
from procflow.model.procedure import Procedure

TEXT = """\
procflow: 1
procedure: forms
version: "1"
data:
  gravity: { type: choice, of: [minor, major], ask: How bad? }
  channel: { type: choice, of: [mail, phone] }
  signs: { type: list, of: { type: choice, of: [smoke, minor] } }
start: first
steps:
  first: { by: any, optional: [gravity, channel, signs], actions: { go: last } }
  last: { end: over }
titles: { minor: { en: annoying, ro: supărătoare } }
"""


def procedure() -> Procedure:
    loaded = read_procedure(TEXT, "forms.yaml")
    assert loaded.procedure is not None
    return loaded.procedure


def test_words_of_a_choice_come_with_their_titles() -> None:
    properties = form(procedure(), ["gravity"], ["channel", "signs"])["properties"]
    words = [{"const": "minor", "title": "annoying"}, {"const": "major", "title": "major"}]
    assert properties["gravity"] == {"title": "How bad?", "oneOf": words}
    assert properties["channel"] == {"title": "channel", "enum": ["mail", "phone"]}
    assert properties["signs"]["items"]["oneOf"][0] == {"const": "smoke", "title": "smoke"}


def test_a_form_takes_the_words_and_no_others() -> None:
    validator = Draft202012Validator(form(procedure(), ["gravity"], ["channel"]))
    assert validator.is_valid({"gravity": "minor", "channel": "mail"})
    assert not validator.is_valid({"gravity": "annoying"})
