"""Settings, command line, web and worker processes. 站点"""
