"""A host's own configuration as variables; nothing on the host changes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .._httpd.adopting.adoption_proof import Proof, prove
from .._httpd.adopting.led_elsewhere import KEY, led_elsewhere
from .._httpd.adopting.lifts.main_server_lift import vhost_sections
from .._httpd.adopting.to_vars import Adoption, to_vars
from .._httpd.syntax.problem import Problem
from .._httpd.vocabulary.layout import Layout
from .configuration.host_reader import HostReader
from .machine.httpd import Httpd, read_httpd
from .store.store import Store


@dataclass(frozen=True)
class HostAdoption:
    """What was adopted, which names lead `elsewhere`, and how it was proved, what is wrong with the text of the host's configuration, the files of its
    sites, those of them that say something for the main server too, and those that can't be read: what they say is lost."""

    adopted: Adoption
    elsewhere: tuple[str, ...]
    proof: Proof
    problems: tuple[Problem, ...]
    sites: tuple[str, ...]
    unread: tuple[Problem, ...]

    @property
    def shared_sites(self) -> tuple[str, ...]:
        """The files of virtual hosts in which more stands: who takes one off takes that off too."""
        kept = {one.place.source for one in self.adopted.kept if one.outcome == "host"}
        return tuple(path for path in self.sites if path in kept)


def adopt_host(layout: Layout) -> HostAdoption | None:
    """Adopt what the installed httpd would read; None where there is no httpd."""
    httpd = read_httpd(layout)
    return None if httpd is None else adopt_files(layout, httpd)


def adopt_files(layout: Layout, httpd: Httpd) -> HostAdoption:
    """Adopt what an httpd would read of the host's files, Gatehouse's own left out."""
    host = HostReader(layout, httpd, Store(layout.gatehouse)).without_release()
    places = [section.place.source for section, _around in vhost_sections(host.tree)]
    adopted = to_vars(host.tree, host.server)
    elsewhere = led_elsewhere(adopted.variables)
    if elsewhere:
        adopted = replace(adopted, variables={**adopted.variables, KEY: list(elsewhere)})
    proof = prove(host.tree, host.server, adopted.variables)
    sites = tuple(dict.fromkeys(places))
    return HostAdoption(adopted, elsewhere, proof, host.problems, sites, host.unread)
