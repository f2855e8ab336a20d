"""Error messages and symptoms, each raised by a cell of notebooks/symptoms.ipynb."""

from .learning._symptoms import Symptoms

__all__ = ["Symptoms"]
