#!/usr/bin/python3
"""Reads one tab-separated line a lab (see ../status), asks each lab's RAPI how
it is, and prints the result as JSON. Its exit status tells whether all are up.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import urllib.error
from typing import Any

from populate import Rapi  # type: ignore[import-not-found]  # beside this script


def vnc_greeting(host: str, port: int) -> str:
    try:
        with socket.create_connection((host, port), timeout=5) as sock:
            sock.settimeout(5)
            return sock.recv(12).decode("ascii", "replace").strip()
    except OSError as error:
        return f"error: {error}"


def consoles(rapi: Rapi) -> list[dict[str, Any]]:
    """VNC consoles of the running instances, each with what its server says.

    Where they are is told by the instance's parameters, not by its 'console'
    resource, which in Ganeti 3.0 answers 500 for every VNC console.
    """
    return [
        {
            "instance": instance["name"],
            "host": instance["hvparams"]["vnc_bind_address"],
            "port": instance["network_port"],
            "greeting": vnc_greeting(instance["hvparams"]["vnc_bind_address"], instance["network_port"]),
        }
        for instance in rapi.call("GET", "/2/instances?bulk=1")
        if instance["status"] == "running" and instance["hvparams"].get("vnc_bind_address")
    ]


def report(*, lab: str, port: str, address: str, ready: str, run_dir: str, pid: str) -> dict[str, Any]:
    env = os.environ
    result: dict[str, Any] = {
        "up": False,
        "ready": ready == "yes",
        "rapi_url": f"https://127.0.0.1:{port}",
        "rapi_url_default_port": f"https://{address}:5080",
        "user": env["RAPI_USER"],
        "password": env["RAPI_PASSWORD"],
        "read_only_user": env["RAPI_READER"],
        "read_only_password": env["RAPI_READER_PASSWORD"],
        "hashed_user": env["RAPI_HASHED"],
        "hashed_password": env["RAPI_HASHED_PASSWORD"],
        "anonymous_read": lab != "lab1",
        "namespace": "gnt-" + lab,
        "init_pid": int(pid) if pid else None,
        "run_dir": run_dir,
    }
    rapi = Rapi(result["rapi_url"], result["user"], result["password"])
    try:
        info = rapi.call("GET", "/2/info")
        result["cluster"] = info["name"]
        result["software_version"] = info["software_version"]
        result["hypervisors"] = info["enabled_hypervisors"]
        result["nodes"] = [node["id"] for node in rapi.call("GET", "/2/nodes")]
        result["instances"] = len(rapi.call("GET", "/2/instances"))
        result["vnc"] = consoles(rapi)
        result["up"] = result["ready"]
    except (OSError, urllib.error.URLError) as error:
        result["error"] = str(error)
    return result


def main() -> int:
    labs = {}
    for line in sys.stdin:
        lab, port, address, ready, run_dir, pid = line.rstrip("\n").split("\t")
        labs[lab] = report(lab=lab, port=port, address=address, ready=ready, run_dir=run_dir, pid=pid)
    print(json.dumps(labs, indent=2))
    return 0 if all(lab["up"] for lab in labs.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
