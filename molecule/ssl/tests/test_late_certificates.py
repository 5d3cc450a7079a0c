"""Certificates that have ended or don't fit: the same on every release of httpd, so one host is enough."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from authority import NOW, Pair
from changing import deploy, extra, put
from containers import Container
from tls import ask

testinfra_hosts = ["ansible://ssl-debian13"]


def test_bad_contents_and_profiles_are_refused_before_the_host_is_asked(
    proxy: Container, authority: Pair
) -> None:
    vhost = extra("strong.example.com", "/etc/ssl/shop/wild.pem", "/etc/ssl/shop/wild.key")
    vhost["ssl"]["profile"] = "strong"
    content = authority.sign("content2.example.com")
    mismatched = {
        "server_name": "content2.example.com",
        "proxy_to": "http://ssl-origin:8081",
        "ssl": {
            "certificate_content": content.chain,
            "certificate_key_content": authority.sign("x").key_pem,
        },
    }
    run = deploy(proxy, apache_host_vhosts=[vhost, mismatched])
    said = " ".join(run.output.split())
    assert not run.has_succeeded
    assert "(strong.example.com).ssl.profile" in said
    assert "(content2.example.com).ssl.certificate_key_content: the key isn't that of" in said
    assert "PLAY [Roll out]" not in run.output


def test_certificate_that_ended_while_it_is_live_stops_no_other_change(
    proxy: Container, authority: Pair
) -> None:
    # Not one of those that are scanned meanwhile.
    path = "/etc/ssl/shop/files.pem"
    former = proxy.run("cat", path)
    seconds = (datetime.now(timezone.utc) - NOW).total_seconds() + 75
    ended = authority.sign("files.example.com", "www.files.example.com", days=seconds / 86400)
    name = "urgent.example.com"
    urgent = extra(name, "/etc/ssl/shop/wild.pem", "/etc/ssl/shop/wild.key")
    keys = proxy.run("cat", "/etc/ssl/shop/files.key")
    put(proxy, path, ended.chain)
    put(proxy, "/etc/ssl/shop/files.key", ended.key_pem)
    try:
        assert deploy(proxy).has_succeeded
        left = ended.certificate.not_valid_after_utc - datetime.now(timezone.utc)
        assert left.total_seconds() > 0
        time.sleep(left.total_seconds() + 1)
        run = deploy(proxy, apache_host_vhosts=[urgent])
        assert run.has_succeeded, run.output
        assert "CN=files.example.com in" in " ".join(run.output.split())
        assert ask(proxy, name).status == 200
    finally:
        put(proxy, path, former)
        put(proxy, "/etc/ssl/shop/files.key", keys)
        assert deploy(proxy, apache_allow_removal=True).has_succeeded


def test_certificate_that_directives_show_may_become_ssl(proxy: Container, authority: Pair) -> None:
    name, files = "adopted.example.com", ("/etc/ssl/shop/adopted.pem", "/etc/ssl/shop/adopted.key")
    ended = authority.sign(name, days=-1, since=60)
    put(proxy, files[0], ended.chain)
    put(proxy, files[1], ended.key_pem)
    by_directives = {
        "server_name": name,
        "listen": [443],
        "proxy_to": "http://ssl-origin:8081",
        "extra_directives": f"SSLEngine on\nSSLCertificateFile {files[0]}\nSSLCertificateKeyFile {files[1]}\n",
    }
    try:
        assert not deploy(proxy, apache_host_vhosts=[extra(name, *files)]).has_succeeded
        first = deploy(proxy, apache_host_vhosts=[by_directives])
        assert first.has_succeeded, first.output
        run = deploy(proxy, apache_host_vhosts=[extra(name, *files)])
        assert run.has_succeeded, run.output
        assert f"CN={name} in {files[0]} expired on" in " ".join(run.output.split())
        assert ask(proxy, name).status == 200
    finally:
        assert deploy(proxy, apache_allow_removal=True).has_succeeded
