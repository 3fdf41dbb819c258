"""Tests of teams and volunteers."""
