"""The screens, for `streamlit run app.py` from a clone."""

from planner.ui.app import main

main()
