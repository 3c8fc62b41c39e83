#!/usr/bin/env python3
"""Runs a command with a private MariaDB: {url} in its arguments is the URL of a new database, DB_PASSWORD its password.

usage: with_mariadb.py COMMAND ARGUMENT...
"""
import os
import subprocess
import sys

from mariadbd import Mariadb


def main():
    with Mariadb() as server:
        url = server.database("bodega")
        command = [argument.replace("{url}", url) for argument in sys.argv[1:]]
        return subprocess.run(command, env=dict(os.environ, DB_PASSWORD=server.password)).returncode


if __name__ == "__main__":
    sys.exit(main())
