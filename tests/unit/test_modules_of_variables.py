"""What is said of modules that operators load, before any host is asked."""

from __future__ import annotations

import pytest
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.vocabulary.nearest import MODULES

# Of other packages of Debian's.
FOREIGN = """
apreq2 auth_cas auth_gssapi auth_kerb auth_mellon auth_openidc auth_pubtkt auth_tkt authn_sasl authn_yubikey
authnz_external authnz_pam authz_svn authz_unixgroup bw dav_svn dacs encoding evasive fcgid geoip gnutls jk lisp mapcache
mono mpm_itk neko netcgi passenger perl perl2 php8.2 php8.4 proxy_msrpc python qos rivet rpaf ruid2 security2
shib tile uploadprogress upload_progress uwsgi watchcat webauth wsgi xsendfile
"""


def said(*modules: str, **variables: object) -> list[tuple[str, str, str]]:
    """Return severity, rule and place of each problem."""
    given = {"apache_vhosts": [], "apache_modules": list(modules), **variables}
    found = check_variables(given, CONCERN_NAMES)[1]
    return [(one.severity, one.rule, str(one.place)) for one in found]


@pytest.mark.parametrize("mpm", ["mpm_event", "mpm_prefork", "mpm_worker"])
def test_an_mpm_is_told_to_be_the_whole_servers(mpm: str) -> None:
    assert said(mpm) == [("warning", "mpm-chosen", "apache_modules")]


def test_an_mpm_that_is_meant_is_silenced() -> None:
    off = [{"rule": "mpm-chosen", "reason": "mod_php needs it"}]
    assert said("mpm_prefork", apache_check_off=off) == []


@pytest.mark.parametrize(
    ("name", "meant"), [("proxy_htttp", "proxy_http"), ("rewrit", "rewrite"), ("header", "headers")]
)
def test_a_misspelt_module_names_the_one_that_was_meant(name: str, meant: str) -> None:
    found = check_variables({"apache_vhosts": [], "apache_modules": [name]}, CONCERN_NAMES)[1]
    assert [str(one) for one in found] == [
        f"apache_modules: `{name}` is no module of Debian's, but one is `{meant}`;"
        f" write `{meant}`, or silence this if another package brings yours"
    ]


def test_modules_of_debians_and_of_other_packages_are_none() -> None:
    names = (*MODULES, *FOREIGN.split())
    assert [one for one in said(*names) if one[1] == "module-misspelt"] == []
