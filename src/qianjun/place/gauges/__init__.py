"""Readings of gauges: river level, rain, weather, with source and age. 水情天气"""
