"""Intake and the incident room: pages that show several modules. 接报单与事件室"""
