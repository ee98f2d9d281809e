"""`python -m warroom`."""

import sys

from warroom.cli.main import run

sys.exit(run())
