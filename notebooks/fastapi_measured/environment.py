"""The command python -m fastapi_measured.environment, and the start page's check; see keeping/environment.py."""

import sys

from .keeping.environment import check, main

__all__ = ["check", "main"]

if __name__ == "__main__":
    sys.exit(main())
