"""Files that people send: taken in pieces, looked at in a child, shown as copies. 媒体文件"""
