"""Methods that decide nothing: numbers in, numbers out, no database. 算法"""
