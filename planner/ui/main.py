"""The script the installed command serves; a clone serves app.py, which does the same."""

from planner.ui.app import main

main()
