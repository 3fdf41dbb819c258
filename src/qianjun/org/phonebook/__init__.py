"""The phone book: who sits where, on which numbers, and whether they are right. 通讯录号码"""
