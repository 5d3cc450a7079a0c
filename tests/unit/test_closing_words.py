"""The words that close a run: a block a host, a line a host of many, failures last and whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from module_utils._httpd.deployment.closing_words import closing_words
from module_utils._httpd.deployment.deployed_host import (
    BackendAnswer,
    CertificateEnd,
    DeployedHost,
    host_from_plain,
)
from module_utils._httpd.deployment.serving import Route, ServedSite, Serving
from readme import blocks

COMMAND = "ansible-playbook -i inventory"
REFUSED = BackendAnswer(
    "http://10.0.0.3:8080/", message="10.0.0.3:8080 refuses the connection", clients_get=503
)
SHOP = DeployedHost(
    release="0f3e0c62b1f4c9ad",
    before="8d1f7a2b3c4d5e6f",
    previous="8d1f7a2b3c4d5e6f",
    is_changed=True,
    what="+ app.example.com; 2 files changed",
    action="reload",
    reason="a reload carries the change out",
    warnings=("apache_vhosts[0]: look at this",),
    serving=Serving(
        (
            ServedSite(("shop.example.com", "www.shop.example.com"), ("*:443",), (Route("/", 0),), ("*:80",)),
            ServedSite(("app.example.com",), ("*:80",), (Route("/ws/", 1), Route("/", 2, "app"))),
            ServedSite(("old.example.com",), ("*:80",)),
        )
    ),
    answers=(
        BackendAnswer("http://10.0.0.1:8080/", 200),
        BackendAnswer("ws://10.0.0.5:6001/", 101),
        REFUSED,
    ),
    certificates=(CertificateEnd(("shop.example.com",), "2027-01-03", 37),),
)  # fmt: skip
SETTLED = replace(SHOP, before="", is_changed=False, what="", action="none", reason="", warnings=())
FAILED = replace(SETTLED, failure="the live configuration was not touched:\nListen 80: it is taken")


def words(**hosts: DeployedHost) -> str:
    """Return the text for hosts by name."""
    return closing_words(hosts, command=COMMAND)


def test_a_host_has_its_release_table_certificates_warnings_and_the_way_back() -> None:
    assert words(proxy1=SHOP).splitlines() == [
        "proxy1: release 0f3e0c62b1f4c9ad: + app.example.com; 2 files changed;"
        " the server was reloaded (a reload carries the change out)",
        "  VIRTUAL HOST                 AT                           PATH  BACKEND                      ANSWERED",
        "  shop.example.com and 1 more  *:443 (redirects from *:80)  /     http://10.0.0.1:8080/        200",
        "  app.example.com              *:80                         /ws/  ws://10.0.0.5:6001/          101",
        "                                                            /     http://10.0.0.3:8080/ (app) "
        " 10.0.0.3:8080 refuses the connection; clients get 503",
        "  old.example.com              *:80                               none",
        "  CERTIFICATE OF    ENDS",
        "  shop.example.com  2027-01-03, in 37 days",
        "  WARNING: apache_vhosts[0]: look at this",
        "  To take it back (to release 8d1f7a2b3c4d5e6f):",
        "    ansible-playbook -i inventory gatehouse.apache.rollback -e apache_hosts=proxy1",
    ]


@pytest.mark.parametrize(
    ("host", "line"),
    [
        pytest.param(
            SETTLED, "release 0f3e0c62b1f4c9ad, nothing was changed", id="nothing to do"
        ),
        pytest.param(
            DeployedHost(release="0f3e0c62b1f4c9ad", is_seen=False),
            "release 0f3e0c62b1f4c9ad, nothing was changed",
            id="nothing, and nobody looked",
        ),
        pytest.param(
            replace(SETTLED, is_dry_run=True),
            "release 0f3e0c62b1f4c9ad, nothing would be changed",
            id="nothing, in check mode",
        ),
        pytest.param(
            replace(SHOP, is_dry_run=True, action="restart", reason="the MPM changes"),
            "would commit release 0f3e0c62b1f4c9ad: + app.example.com; 2 files changed;"
            " the server would be restarted (the MPM changes)",
            id="a change, in check mode",
        ),
        pytest.param(
            replace(SHOP, is_dry_run=True, release="", what="", action="none", reason=""),
            "would commit a first release, once Apache is installed;"
            " the server would have nothing to be told",
            id="a first release, in check mode",
        ),
        pytest.param(
            DeployedHost(is_changed=True, is_removed=True, action="reload", reason="its files go"),
            "Gatehouse is removed; the server was reloaded (its files go)",
            id="a removal",
        ),
        pytest.param(
            DeployedHost(is_changed=True, is_removed=True, is_dry_run=True, action="reload"),
            "would lose Gatehouse; the server would be reloaded",
            id="a removal, in check mode",
        ),
        pytest.param(FAILED, "FAILED, release 0f3e0c62b1f4c9ad serves", id="a failure"),
        pytest.param(replace(FAILED, is_unsettled=True), "FAILED", id="a failure in the midst"),
        pytest.param(
            replace(SETTLED, reason="x differs only by y"),
            "release 0f3e0c62b1f4c9ad, nothing was changed (x differs only by y)",
            id="a rollback that changes nothing says why",
        ),
        pytest.param(
            replace(SHOP, what="", action="stop", reason="apache_service_state is stopped"),
            "release 0f3e0c62b1f4c9ad; the server was stopped (apache_service_state is stopped)",
            id="a server that ran is stopped",
        ),
        pytest.param(
            replace(SHOP, what="", action="stop", reason="", is_dry_run=True),
            "would commit release 0f3e0c62b1f4c9ad; the server would be stopped",
            id="a server that runs, in check mode",
        ),
        pytest.param(
            DeployedHost(failure="x", problem="no answer"), "FAILED", id="a failure and no answer"
        ),
        pytest.param(DeployedHost(problem="no answer"), "nothing was changed", id="no answer"),
    ],
)  # fmt: skip
def test_the_first_line_says_what_was_done(host: DeployedHost, line: str) -> None:
    assert words(proxy1=host).splitlines()[0] == f"proxy1: {line}"


def test_a_rollback_is_taken_back_by_going_forward_again() -> None:
    back = replace(SHOP, is_rollback=True, before="cccccccccccccccc", previous="")
    assert words(proxy1=back).splitlines()[-2:] == [
        "  To go forward again (to release cccccccccccccccc):",
        "    ansible-playbook -i inventory gatehouse.apache.rollback -e apache_hosts=proxy1"
        " -e apache_release=cccccccccccccccc",
    ]
    assert "forward" not in words(proxy1=replace(back, is_dry_run=True))
    # What was only mended, started or stopped.
    assert "forward" not in words(proxy1=replace(back, before=back.release))


@pytest.mark.parametrize(
    ("host", "way"),
    [
        pytest.param(SHOP, "rollback", id="a change"),
        pytest.param(replace(SHOP, before="", previous=""), "remove", id="the first release"),
        pytest.param(replace(SHOP, before=SHOP.release), "", id="what was mended"),
        pytest.param(replace(SHOP, previous=""), "", id="no release that is kept"),
        pytest.param(SETTLED, "", id="no change"),
        pytest.param(replace(SHOP, is_dry_run=True), "", id="check mode"),
        pytest.param(FAILED, "", id="a failure that was undone"),
        pytest.param(replace(SHOP, failure="no certificate"), "rollback", id="live all the same"),
    ],
)
def test_only_what_was_changed_can_be_taken_back(host: DeployedHost, way: str) -> None:
    told = [line for line in words(proxy1=host).splitlines() if COMMAND in line]
    assert told == ([f"    {COMMAND} gatehouse.apache.{way} -e apache_hosts=proxy1"] if way else [])


def test_where_no_rollback_takes_a_change_back_the_report_says_why() -> None:
    replaced = replace(
        SHOP, differs_by="8d1f differs only by /etc/ssl/t.pem, which is the host's own"
    )
    last = words(proxy1=replaced).splitlines()[-1]
    assert last == f"  No rollback takes it back: release {replaced.differs_by}"
    back = words(proxy1=replace(replaced, is_rollback=True)).splitlines()[-1]
    assert back == f"  No rollback takes it forward again: release {replaced.differs_by}"
    many = {f"web{number}": replaced for number in range(20)}
    assert "rollback" not in words(**many)
    for host in (replace(replaced, is_dry_run=True), replace(replaced, before=SHOP.release)):
        assert "rollback" not in words(proxy1=host)


def many_sites(count: int) -> DeployedHost:
    """A host of many virtual hosts, of which the last but one asks a backend that refuses."""
    sites = tuple(
        ServedSite((f"s{number}.example.com",), ("*:80",), (Route("/", number),))
        for number in range(count)
    )
    answers = tuple(BackendAnswer(f"http://10.1.0.{number}/", 200) for number in range(count))
    return replace(
        SETTLED, serving=Serving(sites), answers=(*answers[:-2], REFUSED, answers[-1])
    )  # fmt: skip


def test_a_long_table_is_cut_to_what_fails_and_counts() -> None:
    lines = words(proxy1=many_sites(300)).splitlines()
    assert [line.split()[0] for line in lines if ".example.com  *:80" in line] == [
        "s298.example.com"
    ]
    assert "  300 virtual hosts, 300 backends: 299 answer (200: 299), 1 does not" in lines
    assert len(lines) < 10


def test_a_backend_of_many_that_all_fail_leaves_the_text_short() -> None:
    host = replace(many_sites(300), answers=(REFUSED,) * 300)
    lines = words(proxy1=host).splitlines()
    assert "  … and 280 more paths whose backends don't answer" in lines
    assert len(lines) < 30


def test_an_error_of_the_backends_own_is_shown_in_a_long_table_too() -> None:
    host = many_sites(30)
    host = replace(host, answers=(BackendAnswer("http://10.1.0.0/", 500), *host.answers[1:]))
    assert "s0.example.com  " in words(proxy1=host)


def test_many_certificates_are_cut_to_those_that_end_soon() -> None:
    later = tuple(CertificateEnd((f"c{one}.example.com",), "2028-01-01", 400) for one in range(40))
    soon = CertificateEnd(("soon.example.com",), "2026-12-01", 4)
    lines = words(proxy1=replace(SETTLED, certificates=(soon, *later))).splitlines()
    assert "  soon.example.com  2026-12-01, in 4 days" in lines
    assert "  40 more certificates, which end later" in lines


def test_a_certificate_that_cant_be_read_says_so() -> None:
    host = replace(SETTLED, certificates=(CertificateEnd(("a.example.com",)),))
    assert "  a.example.com   there is none yet, or it can't be read" in words(p=host).splitlines()


def test_failures_come_last_and_whole() -> None:
    blocks = words(proxy1=FAILED, proxy2=SHOP).split("\n\n")
    assert [block.partition(":")[0] for block in blocks] == ["proxy2", "proxy1"]
    assert blocks[1].splitlines()[1:3] == [
        "  the live configuration was not touched:",
        "  Listen 80: it is taken",
    ]


def test_many_hosts_have_a_line_each_and_share_what_they_share() -> None:
    hosts = {f"web{number}": SHOP for number in range(1, 50)}
    lines = words(**hosts, bad=FAILED).splitlines()
    assert [line for line in lines if line.startswith("web7 ")] == [
        f"web7   {words(x=SHOP).splitlines()[0][3:]}  3 virtual hosts; 3 backends: 2 answer (101: 1, 200: 1),"
        " 1 does not; first certificate (shop.example.com) 2027-01-03, in 37 days"
    ]
    assert [line for line in lines if line.startswith(REFUSED.url)] == [
        f"{REFUSED.url}  {REFUSED.words}  web1, web2, web3 and 47 more"
    ]
    assert "WARNING: apache_vhosts[0]: look at this (web1, web2, web3 and 46 more)" in lines
    assert f"  {COMMAND} gatehouse.apache.rollback -e apache_hosts=web1" in lines
    assert [line for line in lines if line.startswith("bad")] == [
        "bad: FAILED, release 0f3e0c62b1f4c9ad serves"
    ]
    assert lines.index("bad: FAILED, release 0f3e0c62b1f4c9ad serves") > lines.index(
        "To take a host's change back:"
    )


def test_readme_shows_what_a_run_prints() -> None:
    shown = blocks("text", "Deploy a fleet")[0]
    names = ("shop", "chat", "cart", "news", "blog")
    asked = {
        "shop": [("/", "http://demo-origin:8081/", "", 200)],
        "chat": [
            ("/ws/", "ws://demo-origin:8101/", "", 101),
            ("/", "http://demo-origin:8082/", "", 200),
        ],
        "cart": [("/", f"http://demo-origin:{port}", "cart", 200) for port in (8091, 8092)],
        "news": [("/", f"http://demo-origin:{port}", "news", 200) for port in (8083, 8084)],
        "blog": [("/", "http://demo-origin:8089/", "", 0)],
    }
    rows = [(name, *row) for name in names for row in asked[name]]
    sites = tuple(
        ServedSite(
            (f"{name}.localhost",),
            ("*:443",) if name == "blog" else ("*:80",),
            tuple(
                Route(path, number, balancer)
                for number, (owner, path, _url, balancer, _status) in enumerate(rows)
                if owner == name
            ),
            ("*:80",) if name == "blog" else (),
        )
        for name in names
    )
    answers = [
        BackendAnswer(url, status)
        if status
        else BackendAnswer(url, 0, "demo-origin:8089 refuses the connection", 503)
        for _name, _path, url, _balancer, status in rows
    ]
    host = DeployedHost(
        release="07842c22a1175094",
        before="7ec4a695ef87bebe",
        previous="7ec4a695ef87bebe",
        is_changed=True,
        what="+ blog.localhost",
        action="reload",
        reason="a reload carries the change out",
        serving=Serving(sites),
        answers=tuple(answers),
        certificates=(CertificateEnd(("blog.localhost",), "2029-02-24", 819),),
    )
    command = "ansible-playbook -i demo/inventory.yml"
    assert closing_words({"demo-proxy1": host}, command=command) == shown.rstrip("\n")


def test_many_backends_of_many_hosts_are_cut_too() -> None:
    silent = tuple(
        replace(REFUSED, url=f"http://10.2.0.{number}:8080/") for number in range(50)
    )  # fmt: skip
    hosts = {f"web{number}": replace(SETTLED, answers=silent) for number in range(20)}
    lines = words(**hosts).splitlines()
    assert "… and 30 more backends that don't answer" in lines
    assert len(lines) < 50


def test_no_line_ends_in_blanks() -> None:
    hosts = {f"web{number}": SHOP for number in range(20)}
    text = f"{words(a=SHOP, b=FAILED)}\n{words(**hosts)}"
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


def test_a_host_that_doesnt_answer_is_in_the_text_with_what_was_done() -> None:
    host = host_from_plain({"msg": "Failed to connect", "is_changed": True, "action": "reload"})
    assert words(p=host).splitlines()[1] == "  what serves there is unknown: Failed to connect"
    assert "the server was reloaded" in words(p=host)
