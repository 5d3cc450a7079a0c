"""A host's own configuration as variables; nothing on the host changes."""

from __future__ import annotations

from dataclasses import dataclass

from .._httpd.adopting.adoption_proof import Proof, prove
from .._httpd.adopting.lifts.main_server_lift import vhost_sections
from .._httpd.adopting.to_vars import Adoption, to_vars
from .._httpd.reading.view import view
from .._httpd.syntax.problem import Problem
from .._httpd.vocabulary.layout import Layout
from .machine.effective import Httpd, environment_of, expand_host, read_files, read_httpd


@dataclass(frozen=True)
class HostAdoption:
    """What was adopted and how it was proved, what can't be read of the host's configuration, the files of its sites."""

    adopted: Adoption
    proof: Proof
    problems: tuple[Problem, ...]
    sites: tuple[str, ...]


def adopt_host(layout: Layout) -> HostAdoption | None:
    """Adopt what the installed httpd would read; None where there is no httpd."""
    httpd = read_httpd(layout)
    return None if httpd is None else adopt_files(layout, httpd)


def adopt_files(layout: Layout, httpd: Httpd) -> HostAdoption:
    """Adopt what an httpd would read of the host's files, Gatehouse's own left out."""
    environment = environment_of(httpd, layout, read_files(layout))
    expansion, problems = expand_host(layout, environment)
    places = [section.place.source for section, _around in vhost_sections(expansion.tree)]
    server = view(expansion.tree)
    adopted = to_vars(expansion.tree, server)
    proof = prove(expansion.tree, server, adopted.variables)
    return HostAdoption(adopted, proof, problems, tuple(dict.fromkeys(places)))
