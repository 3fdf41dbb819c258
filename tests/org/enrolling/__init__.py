"""One-time links: administrators enrol, people set their passwords."""
