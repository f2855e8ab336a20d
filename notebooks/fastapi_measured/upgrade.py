"""The command python -m fastapi_measured.upgrade; what it does is in keeping/upgrade.py."""

import sys

from .keeping.upgrade import main

if __name__ == "__main__":
    sys.exit(main())
