"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.glossary_page import show

show()
