"""The words that are ours, in the languages people read: pages, drawings, dates, numbers, plurals, lists.

What an author wrote is never here. A message is its English text; `<code>.po` beside this file says it in another
language. Babel, which reads the catalogues and knows the CLDR, is loaded when the first language is asked for.
"""

from procflow.texts.languages import LANGUAGES, Language, Pieces, language

__all__ = ["LANGUAGES", "Language", "Pieces", "language"]
