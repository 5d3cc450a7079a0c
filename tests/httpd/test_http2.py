"""Any combination of what `apache_http2` takes starts and answers over HTTP/2, or is refused with its reason."""

from __future__ import annotations

import subprocess
from collections import Counter
from typing import Any

from conftest import examples, free_ports, own_part, problems_of, running
from hypothesis import example, given
from hypothesis import strategies as st
from module_utils._httpd.concerns.catalogue import CONCERN_NAMES
from module_utils._httpd.release.checked import check_variables
from module_utils._httpd.syntax.print import print_tree
from module_utils._httpd.syntax.problem import has_errors
from module_utils._httpd.vocabulary.needed_modules import needed_modules

STARTS = 120
outcomes: Counter[str] = Counter()
# Around each limit, and far from it.
NUMBERS = st.one_of(
    st.integers(1024, 1_000_000),
    st.sampled_from([1, 1024, 16384, 65535, 1_000_000]),
    st.sampled_from([-1, 0, 1, 1023, 2**31 - 1, 2**31, 2**32]),
)
# Few enough that threads can be started; the test's httpd has four threads in each child.
WORKERS = st.sampled_from([0, 1, 2, 3, 4, 5, 16, 40])
SECONDS = st.sampled_from([-1, 0, 1, 60, 600, 86_400, 86_401, "1ms", "10"])
OPTIONS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(
        (
            "max_session_streams", "window_size", "stream_max_mem_size", "max_header_block_len",
            "max_stream_errors", "max_data_frame_len", "tls_warm_up_size",
        ),
        NUMBERS,
    ),
    **dict.fromkeys(("min_workers", "max_workers"), WORKERS),
    **dict.fromkeys(("max_worker_idle_seconds", "stream_timeout", "tls_cool_down_secs"), SECONDS),
    **dict.fromkeys(
        ("enabled", "cleartext", "websockets", "push", "early_hints", "output_buffering"),
        st.sampled_from([True, False]),
    ),
}  # fmt: skip
# One or a few at a time: with all of them at once nearly everything is refused.
CHOSEN = st.sets(st.sampled_from(sorted(OPTIONS)), max_size=4).flatmap(
    lambda names: st.fixed_dictionaries({name: OPTIONS[name] for name in sorted(names)})
)


def spoken(url: str, *options: str) -> str:
    """Return the version and status of an answer."""
    words = ["curl", "-sk", "-m", "10", "-o", "/dev/null", "-w", "%{http_version} %{http_code}"]
    return subprocess.run(
        [*words, *options, url], capture_output=True, text=True, check=False
    ).stdout


@given(http2=CHOSEN)
# Fewer than the four threads of each child, which only the host shows: chance alone meets it too rarely.
@example(http2={"max_workers": 2})
@examples(STARTS)
def test_any_combination_answers_or_is_refused(pems: dict[str, str], http2: dict[str, Any]) -> None:
    tls, plain, proof = free_ports(3)
    common = {"default": True, "redirects": [{"path": "/x", "url": "/y"}]}
    ssl = {"certificate_file": pems["both"], "redirect_from": []}
    variables = {
        "apache_proof_port": proof,
        "apache_http2": http2,
        "apache_vhosts": [
            {"server_name": "a.example", "listen": [f"127.0.0.1:{tls}"], "ssl": ssl, **common},
            {"server_name": "b.example", "listen": [f"127.0.0.1:{plain}"], **common},
        ],
    }
    compiled, problems = check_variables(variables, CONCERN_NAMES)
    if has_errors(problems):
        assert all(str(one.place).startswith("apache_http2") for one in problems)
        outcomes["refused"] += 1
        return
    tree = compiled.whole_tree
    parts_need = (module for part in compiled.parts for module in part.manifest.modules)
    modules = tuple(dict.fromkeys((*needed_modules(tree), *parts_need)))
    text = print_tree(tree)
    if has_errors(problems_of(text, *modules)):
        outcomes["refused by the host"] += 1
        return
    is_on = http2.get("enabled", True)
    with running(text, *modules, port=tls) as refusal:
        assert refusal == "", text
        assert spoken(f"https://127.0.0.1:{tls}/x") == ("2 302" if is_on else "1.1 302"), text
        is_clear = is_on and http2.get("cleartext", False)
        without_tls = spoken(f"http://127.0.0.1:{plain}/x", "--http2-prior-knowledge")
        assert without_tls == ("2 302" if is_clear else "0 000"), text
        assert spoken(f"http://127.0.0.1:{plain}/x") == "1.1 302"
    outcomes["answered"] += 1


def test_each_outcome_was_met() -> None:
    print(dict(outcomes))
    tried = len(own_part(STARTS))
    assert outcomes["answered"] >= tried // 3
    assert outcomes["refused"] >= tried // 20
    assert outcomes["refused by the host"] >= 1


def lost(port: int) -> int:
    """Return how many of 120 requests, in two connections at once, are left without an answer."""
    words = ["curl", "-s", "--http2-prior-knowledge", "-Z", "--parallel-max", "20", "-m", "2"]
    words += ["-o", "/dev/null", "-w", "%{http_code}\n", f"http://127.0.0.1:{port}/?[1-60]"]
    clients = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _client in range(2)]
    said = [code for client in clients for code in client.communicate()[0].split()]
    assert len(said) == 120
    return said.count("000")


def test_few_workers_leave_requests_of_two_connections_without_an_answer() -> None:
    (port,) = free_ports(1)
    text = f"Listen 127.0.0.1:{port}\nServerLimit 1\nProtocols h2c http/1.1\nH2MinWorkers 1\nH2MaxWorkers 1\nRedirect 404 /\n"
    with running(text, "http2", "alias", port=port) as refusal:
        assert refusal == ""
        # It takes chance: a good part of the rounds lose requests.
        assert any(lost(port) for _round in range(60))
