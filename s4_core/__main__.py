"""Entry point of ``python -m s4_core``."""

import sys

from s4_core.cli import main

if __name__ == "__main__":
    sys.exit(main())
