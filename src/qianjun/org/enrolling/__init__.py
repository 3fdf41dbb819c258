"""One-time links by which somebody becomes an account: first administrators, passwords. 登记"""
