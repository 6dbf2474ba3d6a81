"""Starts moto with drkit's corrections on a loopback port.

Prints two lines: which moto it has, as soon as it knows, and its address, when it answers. Told to watch its standard
input, it leaves when that ends: whoever started the emulator then needs no chance to stop it.
"""

import argparse
import linecache
import os
import sys
import threading

# What moto offers as a switch is switched here; the rest is corrected by the modules beside this one.
SWITCHES = {
    # RunInstances refuses a type that EC2 does not offer in the region:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (InvalidParameterValue)
    "MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION": "true",
    # Our own rules for images come with ec2.py: moto's would let a deregistered image pass.
    "MOTO_ENABLE_AMI_VALIDATION": "",
    "MOTO_DISABLE_GLOBAL_CORS": "true",
}


def arguments():
    parser = argparse.ArgumentParser(prog="drkit-emulator")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--end-with-stdin", action="store_true")
    parser.add_argument("--delete-archive", action="store_true")
    return parser.parse_args()


def leave_when_stdin_ends():
    # A read of the pipe returns nothing once its other end is gone, also when that process was killed.
    while os.read(0, 4096):
        pass
    os._exit(0)


def forget_archive():
    # The sources go into the cache of tracebacks first; nothing is left behind then, however this process ends.
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("drkit_emulator") and getattr(module, "__file__", None):
            linecache.getlines(module.__file__, vars(module))
    os.unlink(sys.path[0])


def main():
    options = arguments()
    if options.end_with_stdin:
        threading.Thread(target=leave_when_stdin_ends, name="stdin", daemon=True).start()
    os.environ.update(SWITCHES)
    try:
        import moto
        import moto.server  # noqa: F401  (what the "server" extra brings is there, too)
    except ImportError as missing:
        print(f"{sys.executable} cannot import moto's server: {missing}", file=sys.stderr)
        sys.exit(1)
    print(f"moto {moto.__version__}, python {sys.version.split()[0]}", flush=True)
    from drkit_emulator import server

    if options.delete_archive:
        forget_archive()
    server.serve(options.port)


if __name__ == "__main__":
    main()
