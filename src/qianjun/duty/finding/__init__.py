"""The command line and the search over everything that somebody may see. 命令行与检索"""
