"""What keeps the course: made labs, the map and the tables, stability, upgrades. No lesson imports it."""
