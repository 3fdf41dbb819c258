"""Rules on the code itself: each one can fail, and says where."""
