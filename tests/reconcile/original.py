"""A database as Ganeti Web Manager 0.11 kept it: the tables, and an estate in them."""

from __future__ import annotations

import pickle
import sqlite3
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher

SCHEMA = """
CREATE TABLE auth_user (id integer PRIMARY KEY, username varchar(30) NOT NULL UNIQUE, first_name varchar(30),
  last_name varchar(30), email varchar(75), password varchar(128), is_staff bool, is_active bool,
  is_superuser bool, last_login datetime, date_joined datetime);
CREATE TABLE auth_group (id integer PRIMARY KEY, name varchar(80) NOT NULL UNIQUE);
CREATE TABLE auth_user_groups (id integer PRIMARY KEY, user_id integer, group_id integer);
CREATE TABLE authentication_clusteruser (id integer PRIMARY KEY, name varchar(128), real_type_id integer);
CREATE TABLE authentication_profile (clusteruser_ptr_id integer PRIMARY KEY, user_id integer);
CREATE TABLE authentication_organization (clusteruser_ptr_id integer PRIMARY KEY, group_id integer);
CREATE TABLE clusters_cluster (id integer PRIMARY KEY, hostname varchar(128), slug varchar(50), port integer,
  description varchar(128), username varchar(128), password varchar(293), hash varchar(40),
  virtual_cpus integer, disk integer, ram integer, serialized_info text, mtime decimal, cached decimal,
  ignore_cache bool, last_job_id integer);
CREATE TABLE virtualmachines_virtualmachine (id integer PRIMARY KEY, cluster_id integer,
  hostname varchar(128), owner_id integer, virtual_cpus integer, disk_size integer, ram integer,
  minram integer,
  operating_system varchar(128), status varchar(14), pending_delete bool, note_text text);
CREATE TABLE utils_quota (id integer PRIMARY KEY, user_id integer, cluster_id integer, ram integer,
  disk integer, virtual_cpus integer);
CREATE TABLE utils_sshkey (id integer PRIMARY KEY, key text, user_id integer);
CREATE TABLE vm_templates_virtualmachinetemplate (id integer PRIMARY KEY, cluster_id integer,
  template_name varchar(255), temporary bool, description varchar(255), start bool, no_install bool,
  ip_check bool, name_check bool, iallocator bool, pnode varchar(255), snode varchar(255), os varchar(255),
  vcpus integer, memory integer, minmem integer, disks text, disk_template varchar(16),
  disk_type varchar(255), nics text, nic_type varchar(255), kernel_path varchar(255),
  root_path varchar(255), serial_console bool,
  boot_order varchar(255), cdrom_image_path varchar(512), cdrom2_image_path varchar(512));
CREATE TABLE ganeti_web_cluster_perms (id integer PRIMARY KEY, user_id integer, group_id integer,
  obj_id integer, admin integer, create_vm integer, migrate integer, export integer, replace_disks integer,
  tags integer);
CREATE TABLE ganeti_web_virtualmachine_perms (id integer PRIMARY KEY, user_id integer, group_id integer,
  obj_id integer, admin integer, modify integer, power integer, remove integer, tags integer);
CREATE TABLE object_permissions_group_perms (id integer PRIMARY KEY, user_id integer, group_id integer,
  obj_id integer, admin integer);
"""
ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDqPMkzHICVTsXcAJqaS0//GogOMz8TMkHyWcwm9LMTa dora@desk"
DSA = "ssh-dss AAAAB3NzaC1kc3MAAACBAN ed@old"


def packed(value: Any) -> str:
    """As the original kept lists: in the first form of pickles, which is text."""
    return pickle.dumps(value, protocol=0).decode()


def original(host: str, port: int, machines: list[str]) -> sqlite3.Connection:
    """People, groups, two clusters of which one is at that address, and its first machines."""
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    known = PBKDF2PasswordHasher().encode("doras-password", "salt", 10_000)
    insert(
        database,
        "auth_user",
        {"id": 1, "username": "root", "email": "", "password": "!", "is_active": 1, "is_superuser": 1},
        {"id": 2, "username": "dora", "email": "dora@example.org", "password": known, "is_active": 1},
        {"id": 3, "username": "ed", "email": "DORA@example.org", "password": "sha1$ab$cd", "is_active": 1},
        {"id": 4, "username": "alice", "email": "", "password": known, "is_active": 1},
        {"id": 5, "username": "off", "email": "", "password": known, "is_active": 0},
        {"id": 6, "username": "not a name!", "email": "", "password": known, "is_active": 1},
    )
    insert(database, "auth_group", {"id": 1, "name": "Web team"}, {"id": 2, "name": "Watchers"})
    insert(
        database,
        "auth_user_groups",
        {"id": 1, "user_id": 2, "group_id": 1},
        {"id": 2, "user_id": 3, "group_id": 1},
        {"id": 3, "user_id": 3, "group_id": 2},
    )
    insert(
        database,
        "authentication_clusteruser",
        *({"id": 10 + number, "name": f"owner{number}"} for number in range(1, 9)),
    )
    insert(
        database,
        "authentication_profile",
        *({"clusteruser_ptr_id": 10 + number, "user_id": number} for number in range(1, 7)),
    )
    insert(
        database,
        "authentication_organization",
        {"clusteruser_ptr_id": 17, "group_id": 1},
        {"clusteruser_ptr_id": 18, "group_id": 2},
    )
    insert(
        database,
        "clusters_cluster",
        {"id": 1, "hostname": host, "port": port, "slug": "first", "username": "gwm", "password": "$AES$00"},
        {
            "id": 2,
            "hostname": "ganeti2.example.org",
            "port": 5080,
            "slug": "Old_Two",
            "username": "",
            "password": "$AES$11",
            "description": "In the cellar",
            "ram": 4096,
            "virtual_cpus": None,
            "disk": 102400,
        },
    )
    owners = [12, 17, None]
    insert(
        database,
        "virtualmachines_virtualmachine",
        *(
            {"id": number, "cluster_id": 1, "hostname": name, "owner_id": owner, "note_text": note}
            for number, (name, owner, note) in enumerate(
                zip(machines, owners, ("Mind the queue", "", ""), strict=True), 1
            )
        ),
        {"id": 9, "cluster_id": 2, "hostname": "later.example.org", "owner_id": 12, "note_text": ""},
    )
    insert(
        database,
        "utils_quota",
        {"id": 1, "user_id": 17, "cluster_id": 2, "ram": 2048, "disk": None, "virtual_cpus": 0},
        {"id": 2, "user_id": 12, "cluster_id": 1, "ram": None, "disk": None, "virtual_cpus": 8},
    )
    insert(
        database,
        "utils_sshkey",
        {"id": 1, "user_id": 2, "key": ED25519},
        {"id": 2, "user_id": 3, "key": DSA},
    )
    insert(
        database,
        "ganeti_web_cluster_perms",
        {"id": 1, "user_id": 2, "obj_id": 2, "admin": 1, "create_vm": 1},
        {"id": 2, "group_id": 1, "obj_id": 2, "create_vm": 1},
        {"id": 3, "group_id": 2, "obj_id": 2, "migrate": 1, "export": 1},
    )
    insert(
        database,
        "ganeti_web_virtualmachine_perms",
        {"id": 1, "user_id": 3, "obj_id": 1, "power": 1},
        {"id": 2, "group_id": 1, "obj_id": 2, "admin": 1, "power": 1},
        {"id": 3, "user_id": 3, "obj_id": 9, "remove": 1},
    )
    insert(
        database,
        "object_permissions_group_perms",
        {"id": 1, "user_id": 2, "obj_id": 1, "admin": 1},
    )
    plain = {"cluster_id": 2, "os": "debootstrap+default", "vcpus": 2, "memory": 512, "disk_template": "drbd"}
    insert(
        database,
        "vm_templates_virtualmachinetemplate",
        {
            **plain,
            "id": 1,
            "template_name": "small",
            "disks": packed([{"size": 2048}]),
            "nics": packed([{"mode": "bridged", "link": "br0"}]),
            "root_path": "/dev/vda1",
        },
        {**plain, "id": 2, "template_name": "1380000000.5", "temporary": 1},
        {**plain, "id": 3, "template_name": "broken", "disks": "cos\nsystem\n(S'touch /tmp/broken'\ntR."},
    )
    database.commit()
    return database


def insert(database: sqlite3.Connection, table: str, *rows: dict[str, Any]) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        database.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def saved(database: sqlite3.Connection, path: Path) -> Path:
    """The database as a file."""
    file = sqlite3.connect(path)
    database.backup(file)
    file.close()
    return path


def dumped(database: sqlite3.Connection, path: Path) -> Path:
    """The database as `sqlite3 FILE .dump` writes it."""
    path.write_text("PRAGMA foreign_keys=OFF;\n" + "\n".join(database.iterdump()) + "\n")
    return path
