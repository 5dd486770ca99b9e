"""The command as a module: python -m planner."""

import sys

from planner.cli import main

sys.exit(main())
