"""Menus: every dropdown of the screens is a file in here."""
