"""The append-only journal and all that hangs on it: reactions, timers, live topics. 事件簿"""
