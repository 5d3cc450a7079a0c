"""What an adoption says of requests: where they go apart from what their backend sees."""

from __future__ import annotations

from hand_written import server_tree
from module_utils._httpd.adopting.adoption_proof import Proof, prove
from module_utils._httpd.adopting.to_vars import to_vars
from module_utils._httpd.reading.view import view

SITE = (
    "<VirtualHost *:80>\nServerName x.example.com\nProxyPass / http://10.0.0.1/\n{}</VirtualHost>\n"
)


def proof_of(text: str, **changed: object) -> Proof:
    """Prove the adoption of a server, whose first virtual host was changed in the variables."""
    tree = server_tree(text)
    variables = to_vars(tree, view(tree)).variables
    first, *others = variables["apache_vhosts"]
    return prove(tree, view(tree), {**variables, "apache_vhosts": [{**first, **changed}, *others]})


def test_headers_are_told_once_with_their_count() -> None:
    proof = proof_of(SITE.format(""))
    assert (proof.same, proof.depends, proof.differences) == (2, 0, ())
    ((change, count),) = proof.other_headers.items()
    assert "Forwarded: nothing (it was as it comes)" in change
    first, told = proof.lines()
    assert (
        first
        == f"Of {count + 2} requests 2 are decided as before, {count} go where they went, with other headers, 0 differ:"
    )
    assert told == f"  of {count} requests the backend sees {change}"


def test_what_goes_elsewhere_comes_first() -> None:
    proof = proof_of(SITE.format(""), proxy_pass=None, proxy_to="http://10.0.0.2/")
    assert len(proof.differences) == 8
    lines = proof.lines()
    assert lines[0] == "Of 10 requests 2 are decided as before, 8 differ:"
    assert lines[1].startswith("  GET http://x.example.com:80/: it was proxied by http://10.0.0.1")


def test_nothing_is_told_of_what_is_the_same() -> None:
    text = "<VirtualHost *:80>\nServerName x.example.com\nRedirect /a https://b.example.com/\n</VirtualHost>\n"
    proof = proof_of(text)
    assert proof.lines() == [
        f"Of {proof.same} requests {proof.same} are decided as before, 0 differ."
    ]


def test_open_requests_are_told_with_what_opens_them() -> None:
    text = SITE.format("StrictHostCheck On\n")
    proof = proof_of(text)
    why = "it depends on StrictHostCheck, which isn't modelled"
    ((reason, count),) = proof.open.items()
    assert reason.startswith(why)
    assert proof.depends == count == 10
    first, told = proof.lines()
    assert (
        first
        == "Of 10 requests 0 are decided as before, 10 depend on what reading can't know, 0 differ:"
    )
    assert told == f"  of 10 requests {reason}: ask the server before and after"


def test_a_tilde_is_adopted_as_the_pattern_that_it_makes() -> None:
    text = (
        SITE.replace("ProxyPass / ", "ProxyPass ~ ^/a/(.*) ")
        .replace("10.0.0.1/", "10.0.0.1/$1")
        .format("")
    )
    tree = server_tree(text)
    (vhost,) = to_vars(tree, view(tree)).variables["apache_vhosts"]
    (rule,) = vhost["proxy_pass"]
    assert (rule["match"], rule["url"]) == ("^/a/(.*)", "http://10.0.0.1/$1")
    assert proof_of(text).differences == ()
