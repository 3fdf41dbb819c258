"""What the documents promise is done as they say."""
