"""The frame of every page: its list, the logo, whose data it is, and the one place where errors become sentences."""

from pathlib import Path

import streamlit as st

from planner.errors import PlannerError
from planner.ui import keeping, parts, session

PAGES = (
    ("plan", "Plan", "How many labels to buy, and why"),
    ("data", "Data", "Your file, and the pilot on it"),
    ("evidence", "Evidence", "Why believe it, and how far"),
    ("compare", "Compare", "What would change the answer"),
    ("take", "Take along", "Files for the meeting"),
    ("workspace", "Workspace", "Your plans, kept on this computer"),
    ("glossary", "Glossary", "The words, one line each"),
)


def page_file(name: str) -> str:
    """Where a page stands, for switching to it from any entry script."""
    return str(Path(__file__).parent / "views" / f"{name}.py")


def main() -> None:
    """Draw the page that is asked for."""
    # A picture of our own: Streamlit's icons as a page icon would be fetched from the network.
    icon = Path(__file__).parent / "assets" / "favicon.svg"
    st.set_page_config(page_title="Planner", layout="wide", page_icon=str(icon))
    parts.logo()
    pages = [
        st.Page(page_file(name), title=title, url_path=name, default=name == "plan", help=help)
        for name, title, help in PAGES
    ]
    page = st.navigation(pages, position="top")
    try:
        session.restore()
    except PlannerError as wrong:  # the page opens all the same, with the sample
        st.session_state["not_kept"] = str(wrong)
    session.written_as(st.session_state.get(f"typed.{st.session_state.get('source')}", {}))
    session.show_address()
    if (page_asked := st.session_state.pop("go_to", None)) is not None:
        st.switch_page(page_file(page_asked))
    try:
        page.run()
        keeping.save()
    except PlannerError as wrong:
        st.error(parts.md(str(wrong)), icon=":material/error:")
    session.show_address()
