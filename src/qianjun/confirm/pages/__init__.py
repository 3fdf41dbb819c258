"""Pages of calling: the keys of desk and room, and the phone of one who is called. 叫应页面"""
