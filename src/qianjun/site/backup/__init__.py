"""One encrypted file that holds a whole house, and the way back. 备份与恢复"""
