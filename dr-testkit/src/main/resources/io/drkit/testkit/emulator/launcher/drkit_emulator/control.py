"""What a test tells the emulator itself, under /drkit/."""

import json
from urllib.parse import parse_qs

from drkit_emulator import corrections, outage, rds


def answer(environ, one_at_a_time):
    asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    verb = _VERBS.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
    if verb is None:
        return _json(404, {"error": f"drkit's emulator has no {environ['REQUEST_METHOD']} {environ['PATH_INFO']}"})
    try:
        with one_at_a_time:
            verb(asked)
    except KeyError as missing:
        return _json(400, {"error": f"the parameter {missing} is missing"})
    except ValueError as refused:
        return _json(400, {"error": str(refused)})
    return _json(200, _state())


def _lose(asked):
    outage.lose(asked["region"], asked.get("mode", "refuse"), int(asked.get("ago", 0)))


def _restore(asked):
    outage.restore(asked.get("region"))


def _state():
    return {"drkit": 1, "lost": outage.losses()}


def _reset(asked):
    from moto.moto_api._internal.models import moto_api_backend

    outage.forget()
    moto_api_backend.reset()


def _set_replica_lag(asked):
    corrections.apply_for("rds")
    rds.set_lag(asked["region"], asked["id"], int(asked["seconds"]))


def _json(status, members):
    return (
        f"{status} {'OK' if status == 200 else 'Refused'}",
        [("Content-Type", "application/json")],
        json.dumps(members).encode(),
    )


_VERBS = {
    ("GET", "/drkit/state"): lambda asked: None,
    ("POST", "/drkit/lose"): _lose,
    ("POST", "/drkit/replica-lag"): _set_replica_lag,
    ("POST", "/drkit/reset"): _reset,
    ("POST", "/drkit/restore"): _restore,
}
