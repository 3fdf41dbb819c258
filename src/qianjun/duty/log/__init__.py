"""The duty log: it writes itself from the journal; people add notes. 值班日志"""
