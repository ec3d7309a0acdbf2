"""The story of a case as one page for people: who had the ball, who waited for whom, and what would have been right."""

from procflow.reports.page.page import Told, html_of, overview_of, svg_of, told_of
from procflow.reports.page.told import numbered as findings_of

__all__ = ["Told", "findings_of", "html_of", "overview_of", "svg_of", "told_of"]
