"""Outbox and channels: what leaves the house, once. 消息收发"""
