"""Call people until enough of them have answered, and say who has not. 叫应"""
