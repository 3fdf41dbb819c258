"""The second proof at the log-in."""
