"""The way out: a Report becomes the bytes of a file, one entry a format."""

from planner.exports import data, log, page, pictures, slides, sponsor, text, workbook  # noqa: F401 - each puts its formats on the menu
from planner.exports.menu import EXPORTS, Export

__all__ = ["EXPORTS", "Export"]
