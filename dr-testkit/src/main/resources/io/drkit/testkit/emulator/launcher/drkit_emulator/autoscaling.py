"""Corrections of autoscaling."""


def apply():
    pass
