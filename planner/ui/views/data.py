"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.data_page import show

show()
