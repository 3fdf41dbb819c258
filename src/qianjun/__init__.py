"""Qianjun: an emergency command platform. 千钧：基层应急指挥平台"""

__version__ = "0.1.0"
