"""Migrations of the module. 迁移"""
