"""How a correction takes the place of a function of moto."""

import functools


def around(owner, name):
    """Makes the decorated function take the place of ``owner.name``; it is given the original as its first argument."""

    def decorate(correction):
        original = getattr(owner, name)

        @functools.wraps(original)
        def corrected(self, *args, **kwargs):
            return correction(original, self, *args, **kwargs)

        setattr(owner, name, corrected)
        return corrected

    return decorate


def state(backend, name, default):
    """A value kept with a backend of moto, so that a reset of the backend forgets it."""
    return vars(backend).setdefault("drkit_" + name, default)
