"""What a test tells the emulator itself, under /drkit/."""

import json
from urllib.parse import parse_qs

from drkit_emulator import outage


def answer(environ, one_at_a_time):
    asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    call = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
    try:
        if call == ("POST", "/drkit/lose"):
            outage.lose(asked.get("region"), asked.get("mode", "refuse"), int(asked.get("ago", 0)))
        elif call == ("POST", "/drkit/restore"):
            outage.restore(asked.get("region"))
        elif call == ("POST", "/drkit/reset"):
            with one_at_a_time:
                _reset()
        elif call == ("POST", "/drkit/replica-lag"):
            with one_at_a_time:
                _set_replica_lag(asked)
        elif call != ("GET", "/drkit/state"):
            return _json(404, {"error": f"drkit's emulator has no {call[0]} {call[1]}"})
    except (KeyError, ValueError) as refused:
        return _json(400, {"error": str(refused)})
    return _json(200, _state())


def _state():
    return {"drkit": 1, "lost": outage.losses()}


def _reset():
    from moto.moto_api._internal.models import moto_api_backend

    outage.forget()
    moto_api_backend.reset()


def _set_replica_lag(asked):
    from drkit_emulator import corrections, rds

    corrections.apply_for("rds")
    rds.set_lag(asked["region"], asked["id"], int(asked["seconds"]))


def _json(status, members):
    return f"{status} {'OK' if status == 200 else 'Refused'}", [("Content-Type", "application/json")], json.dumps(members).encode()
