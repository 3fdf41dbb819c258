"""The pages of intake and incident room: one verb or question each, rendered. 页面"""
