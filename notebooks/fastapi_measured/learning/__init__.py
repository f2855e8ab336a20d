"""What the learner meets: predictions, claims, the recap, knobs, and the checks of a lab."""
