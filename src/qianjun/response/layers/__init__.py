"""Layers of the map, one file each: whose they are, who may see them, what is on them. 图层

A file has ``TITLE``, ``PERMISSION`` (``signed_in`` asks for none), ``LIVE`` (whether it changes
while one looks) and ``features(seen_by=)``, GeoJSON features in WGS-84.
"""
