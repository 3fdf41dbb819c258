"""What measurements stand on: the frame of the answer, a house, a line to it."""
