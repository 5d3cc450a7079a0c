"""A site of somebody else's, whichever way it is included: commit, adoption and config_info read the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hosts import HTTPD, Host, parts_of, vhost
from module_utils._host import reading
from module_utils._host.adopting import adopt_files
from module_utils._host.certificates.managed import certificate_store
from module_utils._httpd.reading.server import Server
from module_utils._httpd.syntax.problem import has_errors
from module_utils._httpd.syntax.tree import Tree, walk

OWN = """\
Listen 8443
<VirtualHost *:8443>
  ServerName own.example.com
  ProxyPass / http://10.0.0.9/
</VirtualHost>
"""
# What is written in apache2.conf; SITES is the directory of own.conf, outside of the configuration root.
FORMS = [
    pytest.param("Include SITES/own.conf", id="literal"),
    pytest.param("Define DIR SITES\nInclude ${DIR}/own.conf", id="variable"),
    pytest.param("Include ${APACHE_RUN_DIR}/own.conf", id="variable of the start script"),
    pytest.param("Include ../elsewhere/own.conf", id="relative to ServerRoot"),
    pytest.param("Include \\\n  SITES/own.conf", id="continued"),
    pytest.param("Include 'SITES/own.conf'", id="single-quoted"),
    pytest.param('Include "SITES/own.conf"', id="double-quoted"),
    pytest.param("Include 'SITES/with blank/own.conf'", id="a blank in it"),
    pytest.param("include SITES/own.conf", id="another letter case"),
    pytest.param("Include SITES/o?n.con[a-f]", id="glob"),
    pytest.param("Include SITES/*/deep/*.conf", id="glob of directories"),
    pytest.param("Include SITES/below", id="directory"),
    pytest.param("IncludeOptional SITES/none/*.conf\nInclude SITES/own.conf", id="beside a missing one"),
    pytest.param("IncludeOptional ../elsewhere/own.conf", id="optional"),
    pytest.param("Include SITES/leads/on.conf", id="relative, in a file outside of the root"),
    pytest.param("<Macro Site $d>\nInclude $d/own.conf\n</Macro>\nUse Site SITES", id="macro"),
    pytest.param("<IfModule mpm_event_module>\nInclude SITES/own.conf\n</IfModule>", id="condition that holds"),
    pytest.param("<IfFile SITES/own.conf>\nInclude SITES/own.conf\n</IfFile>", id="condition on a file"),
    pytest.param("Include SITES/link.conf", id="link"),
]  # fmt: skip


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host beside which a site lies, at several paths."""
    sites = tmp_path / "elsewhere"
    for place in ("", "with blank", "some/deep", "below/more"):
        (sites / place).mkdir(parents=True, exist_ok=True)
        (sites / place / "own.conf").write_text(OWN)
    (sites / "leads").mkdir()
    (sites / "leads/on.conf").write_text("Include ../elsewhere/own.conf\n")
    (sites / "link.conf").symlink_to("own.conf")
    return Host(tmp_path)


def include(host: Host, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write an Include into the host's main file, whose httpd has a variable for the directory."""
    sites = str(tmp_path / "elsewhere")
    main = (host.root / "apache2.conf").read_text()
    host.write(
        "apache2.conf", f"{main}\n{re.sub(r'SITES(?=/|$)', sites, form, flags=re.MULTILINE)}\n"
    )
    monkeypatch.setitem(HTTPD.variables, "APACHE_RUN_DIR", sites)  # type: ignore[arg-type]
    monkeypatch.setattr(reading, "read_httpd", lambda _layout: HTTPD)


def sources(tree: Tree) -> set[str]:
    """Return the files that a tree was read from."""
    return {node.place.source for node in walk(tree)}


def names(server: Server) -> list[str]:
    """Return the names of a server's virtual hosts."""
    return [one.server_name for one in server.vhosts if one.server_name]


@pytest.mark.parametrize("form", FORMS)
def test_three_readers_agree_on_what_is_included(
    host: Host, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    include(host, form, tmp_path, monkeypatch)
    shown = reading.read_host(host.layout)
    committed = host.draft(parts_of(vhost())).host.as_it_is
    assert names(shown.server) == names(committed.server) == ["own.example.com"]
    assert sources(shown.tree) == sources(committed.tree)
    adopted = adopt_files(host.layout, HTTPD)
    assert set(adopted.sites) == {vhost.place.source for vhost in shown.server.vhosts}
    problems = (*shown.problems, *adopted.problems, *committed.problems)
    assert {"expansion", "unreadable-file"}.isdisjoint(problem.rule for problem in problems)


@pytest.mark.parametrize("form", FORMS)
def test_a_commit_listens_beside_a_neighbour_and_leaves_it_its_default(
    host: Host, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = host.draft(parts_of(vhost(listen=[8443]))).release.frame
    assert frame.count("\nListen 8443\n") == frame.count("<VirtualHost *:8443>\n") == 1
    include(host, form, tmp_path, monkeypatch)
    frame = host.draft(parts_of(vhost(listen=[8443]))).release.frame
    assert frame.count("\nListen 8443\n") == frame.count("<VirtualHost *:8443>\n") == 0


@pytest.mark.parametrize("form", FORMS)
def test_an_adoption_loses_no_virtual_host_and_proves_every_request(
    host: Host, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.write("sites-enabled/own.conf", OWN)
    wanted = adopt_files(host.layout, HTTPD)
    (host.root / "sites-enabled/own.conf").unlink()
    include(host, form, tmp_path, monkeypatch)
    adopted = adopt_files(host.layout, HTTPD)
    assert sorted(map(str, adopted.adopted.variables["apache_vhosts"])) == sorted(
        map(str, wanted.adopted.variables["apache_vhosts"])
    )
    assert adopted.proof == wanted.proof
    assert wanted.proof.same > 0


def test_what_only_a_false_condition_includes_is_read_for_its_listeners(host: Host) -> None:
    host.write("own.conf", "Listen 8443\n")
    host.write("sites-enabled/own.conf", "<IfModule ssl_module>\nInclude own.conf\n</IfModule>\n")
    frame = host.draft(parts_of(vhost(listen=[8443]))).release.frame
    assert "<IfModule !ssl_module>\n  Listen 8443\n</IfModule>\n" in frame


LATER = """\
<IfModule ssl_module>
  Define TLS 8443
</IfModule>
<IfDefine TLS>
  Listen ${TLS}
  <VirtualHost *:${TLS}>
    ServerName own.example.com
  </VirtualHost>
</IfDefine>
"""


def test_what_a_module_to_come_makes_of_a_neighbour_is_met_at_once(host: Host) -> None:
    host.write("sites-enabled/own.conf", LATER)
    parts = parts_of(vhost(listen=[8443]), apache_modules=["ssl"])
    draft = host.draft(parts)
    assert draft.release.frame.count("Listen 8443\n") == 0
    assert "<VirtualHost *:8443>" not in draft.release.frame
    host.make(draft)
    again = host.draft(parts)
    assert (again.changes, again.release) == ((), draft.release)


def test_a_file_that_nothing_includes_is_not_read(host: Host) -> None:
    host.write("sites-available/broken.conf", "Listen 8443\n\0MDStoreDir /nowhere\n")
    draft = host.draft(parts_of(vhost(listen=[8443])))
    assert not has_errors(draft.host.as_it_is.problems)
    assert certificate_store(draft.after.server, host.layout) == host.layout.certificate_store
    assert "Listen 8443\n" in draft.release.frame
