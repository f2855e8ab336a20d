"""The command python -m fastapi_measured.labs; what it does is in keeping/labs.py."""

import sys

from .keeping.labs import main

if __name__ == "__main__":
    sys.exit(main())
