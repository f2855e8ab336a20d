"""The command python -m fastapi_measured.environment; what it does is in keeping/environment.py."""

import sys

from .keeping.environment import main

if __name__ == "__main__":
    sys.exit(main())
