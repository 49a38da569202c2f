"""`python -m midback` is the command `midback`."""

import sys

from midback.apps.cli import main

if __name__ == "__main__":
    sys.exit(main())
