"""Relief goods: what is where, what is promised, what is out and must come back. 物资"""
