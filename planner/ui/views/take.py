"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.take_page import show

show()
