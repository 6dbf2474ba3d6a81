"""Corrections of route53."""


def apply():
    pass
