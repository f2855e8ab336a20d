"""The command python -m fastapi_measured.stability; what it does is in keeping/stability.py."""

import sys

from .keeping.stability import main

if __name__ == "__main__":
    sys.exit(main())
