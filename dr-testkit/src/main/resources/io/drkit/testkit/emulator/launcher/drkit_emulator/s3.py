"""Corrections of s3."""


def apply():
    pass
