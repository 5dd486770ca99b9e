"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.compare_page import show

show()
