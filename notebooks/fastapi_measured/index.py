"""The command python -m fastapi_measured.index; what it does is in keeping/index.py."""

import sys

from .keeping.index import main

if __name__ == "__main__":
    sys.exit(main())
