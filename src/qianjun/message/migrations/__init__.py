"""Migrations. 迁移"""
