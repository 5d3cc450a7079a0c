"""Configurations read from real files, texts and roots, whatever is in them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from module_utils._host import reading
from module_utils._host.machine.httpd import Httpd
from module_utils._host.reading import AssumedHttpd, read_host, read_path, read_text, to_plain
from module_utils._httpd.checking.configuration import Configuration, module_names
from module_utils._httpd.vocabulary.layout import DEBIAN

FIXTURES = Path(__file__).parent / "fixtures"
NOWHERE = replace(
    DEBIAN, config_root="/nonexistent", main_config="/nonexistent/x", binary="/nonexistent/x"
)
SITE = "<VirtualHost *:80>\n  ServerName shop.example.com\n  ProxyPass / http://10.0.0.1:8080{}\n</VirtualHost>\n"


def read(path: Path, known: AssumedHttpd | None = None) -> Configuration:
    """Read a path where no httpd is installed."""
    return read_path(str(path), known or AssumedHttpd(), NOWHERE)


def said(configuration: Configuration) -> list[str]:
    """Return the problems as they are told."""
    return [f"{problem.severity} {problem}" for problem in configuration.problems]


def write(directory: Path, **files: str) -> Path:
    """Write files by name, `__` for a slash, `conf` added; return the first."""
    paths = [directory / (name.replace("__", "/") + ".conf") for name in files]
    for path, text in zip(paths, files.values()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return paths[0]


@pytest.mark.parametrize("release", ["debian12", "debian13"])
def test_a_distributions_own_root_has_no_problem(release: str) -> None:
    assert said(read(FIXTURES / release / "apache2")) == []


def test_a_mistake_in_an_included_site_has_its_file_line_and_include(tmp_path: Path) -> None:
    main = write(
        tmp_path, apache2="Listen 80\nIncludeOptional sites/*.conf\n", sites__shop=SITE.format("")
    )
    for path in (main, tmp_path):
        (problem,) = read(path).problems
        assert problem.rule == "proxy-pass-target-without-slash"
        assert str(problem.place) == f"{tmp_path}/sites/shop.conf:3 (included from {main}:2)"


def test_includes_are_followed_through_variables_macros_and_directories(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        httpd="Listen 80\nDefine D more\n<Macro M $d>\nInclude $d/\n</Macro>\nUse M ${D}\n",
        more__deep__one="Include other/two.conf\n",
        other__two=SITE.format("/"),
    )
    configuration = read(main)
    assert said(configuration) == []
    assert [vhost.server_name for vhost in configuration.server.vhosts] == ["shop.example.com"]


def test_a_red_hat_root_is_its_own_server_root(tmp_path: Path) -> None:
    write(
        tmp_path,
        conf__httpd="ServerRoot /etc/httpd\nListen 80\nInclude conf.d/*.conf\n",
        conf_d__shop="",
    )
    (tmp_path / "conf_d").rename(tmp_path / "conf.d")
    assert said(read(tmp_path)) == []


def test_a_site_alone_is_read_below_the_root_that_it_lies_in(tmp_path: Path) -> None:
    write(tmp_path, apache2="Listen 80\n", snippets__tls="Timeout 5\n")
    (tmp_path / "envvars").write_text("export APACHE_LOG_DIR=/var/log/apache2$SUFFIX\n")
    site = write(
        tmp_path,
        sites__shop="Include snippets/tls.conf\nErrorLog ${APACHE_LOG_DIR}/e.log\n"
        + SITE.format("/"),
    )
    configuration = read(site)
    assert said(configuration) == []
    assert configuration.server.main.last("errorlog").args == ("/var/log/apache2/e.log",)  # type: ignore[union-attr]


def test_a_modules_list_decides_what_holds() -> None:
    text = "Listen 80\n<IfModule ssl_module>\n  Listen 443\n</IfModule>\n"
    ports = [
        [listen.address.port for listen in read_text(text, known).server.listens]
        for known in (
            AssumedHttpd(),
            AssumedHttpd(modules=module_names(["proxy"])),
            AssumedHttpd(modules=module_names(["ssl"])),
        )
    ]
    assert ports == [[80, 443], [80], [80, 443]]
    assert read_text(text, AssumedHttpd(modules=module_names(["proxy"]))).problems == ()


@pytest.mark.parametrize("name", ["proxy_http", "proxy_http_module", "mod_proxy_http.c"])
def test_a_module_has_one_identifier(name: str) -> None:
    assert module_names([name]) == {"proxy_http_module"}


def test_a_text_alone_leaves_its_includes_open() -> None:
    text = "Include /etc/letsencrypt/options-ssl-apache.conf\n" + SITE.format("/")
    (told,) = said(read_text(text, AssumedHttpd()))
    assert told.startswith("hint text:1: Include /etc/letsencrypt/options-ssl-apache.conf isn't")


BAD = [
    pytest.param(b"Include nope.conf\n", ':1: Include of "nope.conf" finds no file', id="missing include"),
    pytest.param(b"Include site\xff/*.conf\n", ":1: Include of", id="missing pattern that is no UTF-8"),
    pytest.param(b"Timeout 5\n\x7fELF\0\0\0\n", ":2: main.conf has a NUL character", id="binary"),
    pytest.param(b"server {\n  listen 80;\n}\n", ":3: `}` can't be a directive's name", id="another program's"),
    pytest.param(b'{\n  "a": 1\n}\n', ":1: httpd knows 0 of the 3 directives here", id="JSON"),
    pytest.param(b"Timeout 5\n});\n", ":2: `});` can't be a directive's name", id="a stray line"),
    pytest.param(b"Dear all\nplease find\nThanks\n", ":1: httpd knows 0 of the 3", id="a letter"),
    pytest.param(b"<VirtualHost *:80>\nTimeout 5\n", ":1: <VirtualHost> is never closed", id="cut off"),
    pytest.param(b"Include main.conf\n", "nested too deeply", id="itself"),
    pytest.param(b"Include /dev/zero\n", "zero is no regular file", id="a device"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "told"), BAD)
def test_bad_input_is_an_error_with_its_place(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "main.conf"
    path.write_bytes(content)
    errors = [line for line in said(read(path)) if line.startswith("error")]
    assert any(told in line for line in errors)
    assert str(path) in errors[0] or "/dev/zero" in errors[0]


def test_a_route_that_is_no_utf_8_is_measured_in_bytes(tmp_path: Path) -> None:
    path = tmp_path / "main.conf"
    member = b"<Proxy balancer://a>\nBalancerMember http://10.0.0.1 route=%b\n</Proxy>\n"
    path.write_bytes(member % (b"\xff" * 63))
    assert said(read(path)) == []
    path.write_bytes(member % (b"\xff" * 64))
    assert [problem.rule for problem in read(path).problems] == ["name-too-long"]


def test_a_directory_without_a_main_file_is_an_error(tmp_path: Path) -> None:
    (told,) = said(read(tmp_path))
    assert told.startswith(f"error {tmp_path}: {tmp_path} has no main file (apache2.conf,")


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert said(read(tmp_path / "nope"))[0].endswith("isn't there; name a file or a directory")


def test_a_host_without_httpd_is_an_error() -> None:
    assert "no httpd is installed here" in said(read_host(NOWHERE))[0]


def test_links_that_lead_round_end(tmp_path: Path) -> None:
    main = write(tmp_path, httpd="Listen 80\nInclude d\n", d__one="Timeout 5\n")
    (tmp_path / "d/loop").symlink_to(tmp_path)
    (tmp_path / "d/self").symlink_to("self")
    assert all("self" in line for line in said(read(main)))


def test_iffile_looks_and_does_not_read(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        httpd=f"Listen 80\n<IfFile {tmp_path}/secrets>\nTimeout 5\n</IfFile>\n",
        secrets__key="\0",
    )
    configuration = read(main)
    assert configuration.server.main.last("timeout") is not None
    assert said(configuration) == []


def test_the_hosts_own_root_is_what_its_httpd_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(FIXTURES / "debian12/apache2", tmp_path / "apache2", symlinks=True)
    layout = replace(
        DEBIAN,
        config_root=f"{tmp_path}/apache2",
        main_config=f"{tmp_path}/apache2/apache2.conf",
        envvars=f"{tmp_path}/apache2/envvars",
    )
    monkeypatch.setattr(
        reading,
        "read_httpd",
        lambda _layout: Httpd((2, 4, 62), frozenset(), {"APACHE_LOG_DIR": "/logs"}),
    )
    for path in (layout.config_root, layout.main_config):
        configuration = read_path(path, AssumedHttpd(), layout)
        assert configuration.environment.version == (2, 4, 62)
        assert "authz_core_module" in (configuration.environment.modules or ())
        assert [problem for problem in configuration.problems if problem.severity == "error"] == []


def test_what_is_returned_is_plain_and_printable(tmp_path: Path) -> None:
    path = tmp_path / "httpd.conf"
    path.write_bytes(b"Listen 80\nServerNam \xff\xfe\n" + SITE.format("/").encode())
    plain = to_plain(read(path))
    assert json.dumps(plain, ensure_ascii=False).encode()
    assert plain["modules"] == ["proxy", "proxy_http"]
    assert plain["variables"]["apache_vhosts"][0]["server_name"] == "shop.example.com"
    assert [problem["rule"] for problem in plain["problems"]] == ["unknown-directive"]
