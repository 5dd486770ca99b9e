"""Page file: Streamlit opens it, the page lives elsewhere."""

from planner.ui.plan_page import show

show()
