"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.evidence_page import show

show()
