"""The command python -m fastapi_measured.cards; what it does is in keeping/cards.py."""

import sys

from .keeping.cards import main

if __name__ == "__main__":
    sys.exit(main())
