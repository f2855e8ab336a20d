"""The interview drill: cards, when each is due, the screen. It runs by itself; no lesson imports it."""
