"""Pages of called teams: the board of an incident, and the phone of a leader. 调队页面"""
