#!/usr/bin/python3
"""Gives a fresh lab some contents, through its RAPI.

usage: populate.py lab1|lab2 RAPI_URL USER PASSWORD
"""

from __future__ import annotations

import base64
import json
import ssl
import sys
import time
import urllib.request
from typing import Any

JOB_TIMEOUT = 120


class Rapi:
    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url
        credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.headers = {"Authorization": "Basic " + credentials, "Content-Type": "application/json"}
        context = ssl.create_default_context()
        context.check_hostname = False  # the lab's own certificate
        context.verify_mode = ssl.CERT_NONE
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)  # noqa: S310 - ours
        with self.opener.open(request, timeout=30) as response:
            return json.load(response)

    def wait(self, job_id: int) -> None:
        deadline = time.monotonic() + JOB_TIMEOUT
        while True:
            job = self.call("GET", f"/2/jobs/{job_id}")
            if job["status"] == "success":
                return
            if job["status"] in ("error", "canceled") or time.monotonic() > deadline:
                sys.exit(f"job {job_id} {job['status']}: {json.dumps(job['opresult'])}")
            time.sleep(0.3)

    def run(self, method: str, path: str, body: object = None) -> None:
        self.wait(self.call(method, path, body))


def instance(name: str, **settings: Any) -> dict[str, Any]:
    settings.setdefault("disks", [])
    settings.setdefault("nics", [{}])
    settings.setdefault("os_type", "noop")
    settings.setdefault("beparams", {"memory": 64, "vcpus": 1})
    return {
        "__version__": 1,
        "mode": "create",
        "instance_name": name,
        "name_check": False,
        "ip_check": False,
        "wait_for_sync": False,
        **settings,
    }


def create_all(rapi: Rapi, instances: list[dict[str, Any]]) -> None:
    """Submits all creations, then waits for them."""
    for job in [rapi.call("POST", "/2/instances", body) for body in instances]:
        rapi.wait(job)


def add_network(rapi: Rapi, group: str, name: str, network: str) -> None:
    rapi.run(
        "POST",
        "/2/networks",
        {
            "network_name": name,
            "network": network,
            "gateway": network.replace("0/24", "1"),
            "conflicts_check": False,
            "tags": ["lab"],
        },
    )
    rapi.run(
        "PUT",
        f"/2/networks/{name}/connect",
        {"group_name": group, "network_mode": "bridged", "network_link": "gntbr1", "conflicts_check": False},
    )


def populate_lab1(rapi: Rapi) -> None:
    domain = "lab1.ganeti.test"
    rapi.run("PUT", "/2/tags?tag=env:lab&tag=single-node")
    rapi.run("PUT", f"/2/nodes/node1.{domain}/tags?tag=rack:a")
    add_network(rapi, "default", "net1", "192.168.77.0/24")
    disk = [{"size": 128}]
    create_all(
        rapi,
        [
            instance(
                f"vm1.{domain}",
                disk_template="file",
                disks=disk,
                os_type="labos+live",
                osparams={"message": "VNC console"},
            ),
            instance(
                f"vm2.{domain}",
                disk_template="file",
                disks=disk,
                os_type="labos+live",
                osparams={"message": "serial console"},
                hvparams={"serial_console": True},
                tags=["serial"],
            ),
            instance(f"vm3.{domain}", disk_template="diskless", nics=[{"network": "net1", "ip": "pool"}]),
            instance(
                f"vm4.{domain}", disk_template="file", disks=disk + disk, os_type="labos+blank", start=False
            ),
            instance(f"vm5.{domain}", disk_template="diskless", hypervisor="fake"),
        ],
    )


def populate_lab2(rapi: Rapi) -> None:
    domain = "lab2.ganeti.test"
    nodes = [node["id"] for node in rapi.call("GET", "/2/nodes")]
    rapi.run("PUT", "/2/tags?tag=env:lab&tag=multi-node")
    rapi.run("POST", "/2/groups", {"group_name": "rack2", "alloc_policy": "last_resort"})
    rapi.run("PUT", "/2/groups/rack2/assign-nodes", {"nodes": nodes[3:]})
    rapi.run("PUT", "/2/groups/rack2/tags?tag=remote")
    for number, node in enumerate(nodes):
        rapi.run("PUT", f"/2/nodes/{node}/tags?tag=rack:{'ab'[number >= 3]}&tag=slot:{number}")
    add_network(rapi, "default", "net1", "192.168.78.0/24")
    templates: list[tuple[str, list[dict[str, int]]]] = [
        ("diskless", []),
        ("file", [{"size": 128}]),
        ("sharedfile", [{"size": 256}]),
    ]
    create_all(
        rapi,
        [
            instance(
                f"vm{number}.{domain}",
                pnode=nodes[number % len(nodes)],
                disk_template=templates[number % 3][0],
                disks=templates[number % 3][1],
                os_type=["noop", "labos+live"][number % 2],
                start=number % 4 != 3,
                tags=[f"owner:team{number % 3}"],
            )
            for number in range(1, 11)
        ],
    )


def main() -> None:
    lab, url, user, password = sys.argv[1:]
    {"lab1": populate_lab1, "lab2": populate_lab2}[lab](Rapi(url, user, password))


if __name__ == "__main__":
    main()
