"""What is not as it should be in a house, and what to do about it. 体检"""
