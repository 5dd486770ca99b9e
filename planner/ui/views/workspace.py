"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.workspace_page import show

show()
