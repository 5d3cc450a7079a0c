"""A host under commits: deploys to it, looks into it, and keeps asking it meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from containers import Container
from meanwhile import Answers, asked_all_along

SCENARIO = Path(__file__).parents[1]
LIVE = "live.example.com"
VHOST: dict[str, Any] = {
    "server_name": LIVE,
    "proxy_to": "http://127.0.0.1:8081",
    "expect": [{"request": "GET /", "status": 200, "live": True}],
}

# The same virtual host with a difference.
CHANGED = {**VHOST, "proxy_timeout": 31}

# Ansible's own file of the module, with what it was asked for.
SENT = "/root/.ansible/tmp/*/AnsiballZ_commit.py"
_TAKING_BACK = "/root/taking_back.py"
# What modules need of the core lies where a reboot clears it away.
KEEP_CORE = "mkdir -p /root/cores && cp -a /run/gatehouse/core-* /root/cores/"
RESTORE_CORE = "mkdir -p -m 700 /run/gatehouse && cp -a /root/cores/core-* /run/gatehouse/"
_RELEASE = "curl -s http://127.0.0.1:897/"
_PROVED = "basename $(readlink /etc/apache2/gatehouse/proved)"
_LEFTOVERS = (
    "cd /etc/apache2; find . -name '*gatehouse-new*' -o -name journal -o -name '.new-*' -o -name '.gatehouse-shadow';"
    "find /run/gatehouse -mindepth 1 -maxdepth 1 -name 'shadow-*';"
    "systemctl list-units --plain --no-legend --state=failed 'run-*'"
)


class Standing(NamedTuple):
    """What a host has: the digest that the live server answers, the one proved last, and what no ended run may leave."""

    release: str
    proved: str
    leftovers: str


@dataclass(frozen=True)
class Site:
    """One host of the scenario."""

    name: str
    inventory: str

    def run(self, command: str, *, check: bool = True) -> str:
        """Run a shell command on the host, and return what it printed."""
        answer = subprocess.run(
            ["docker", "exec", self.name, "sh", "-c", command],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert not check or answer.returncode == 0, f"{command}: {answer.stdout}{answer.stderr}"
        return answer.stdout.strip()

    def start_deploy(
        self,
        *vhosts: dict[str, Any],
        playbook: str = "gatehouse.apache.site",
        pipelining: bool = True,
        **variables: Any,
    ) -> subprocess.Popen[str]:
        """Start a deployment of virtual hosts to this host alone."""
        given = {"apache_vhosts": list(vhosts), "apache_hosts": self.name, **variables}
        environment = {
            **os.environ,
            "ANSIBLE_PIPELINING": str(pipelining),
            "ANSIBLE_KEEP_REMOTE_FILES": str(not pipelining),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        }
        command = [
            "ansible-playbook",
            "-v",
            "-i",
            self.inventory,
            playbook,
            "-e",
            json.dumps(given),
        ]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def deploy(self, *vhosts: dict[str, Any], succeeds: bool = True, **options: Any) -> str:
        """Deploy, see that it ends as it should, and return what Ansible printed."""
        running = self.start_deploy(*vhosts, **options)
        output, _stderr = running.communicate(timeout=300)
        assert (running.returncode == 0) is succeeds, output
        return output

    def take_back(self, release: str) -> None:
        """Serve an earlier release again: by a play the first time, and then by the module that it sent."""
        # One host is taken back to one release.
        if self.run(f"test -e {_TAKING_BACK} || echo missing"):
            self.run("rm -rf /root/.ansible/tmp")
            playbook = "gatehouse.apache.rollback"
            # Tests before may have left other owners' sites, which that release has none of.
            self.deploy(
                playbook=playbook,
                pipelining=False,
                apache_release=release,
                apache_allow_removal=True,
            )
            self.run(f"cp {SENT} {_TAKING_BACK} && {KEEP_CORE}")
        else:
            self.run(f"{RESTORE_CORE} && python3 {_TAKING_BACK}")

    def asked(self) -> AbstractContextManager[Answers]:
        """Keep asking the live site on a new connection each time."""
        container = Container(self.name)
        return asked_all_along(lambda: container.ask(LIVE, "/"), pause=0.02)

    @property
    def release(self) -> str:
        """The digest that the live server answers."""
        return self.run(_RELEASE, check=False).removeprefix("gatehouse ")

    @property
    def proved(self) -> str:
        """The digest of the release that was proved last."""
        return self.run(_PROVED)

    def leftovers(self) -> str:
        """Return what no ended run may leave behind."""
        return self.run(_LEFTOVERS)

    def standing(self) -> Standing:
        """Return all three, for the price of one look."""
        release, _newline, rest = self.run(f"{_RELEASE}; echo; {_PROVED}; {_LEFTOVERS}").partition(
            "\n"
        )
        proved, _newline, leftovers = rest.strip().partition("\n")
        return Standing(release.removeprefix("gatehouse "), proved, leftovers)
