"""What was just done is taken back."""
