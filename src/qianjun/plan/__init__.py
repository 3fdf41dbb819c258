"""Plans as files: when which level, who decides, who does what, what to ask. 预案"""
