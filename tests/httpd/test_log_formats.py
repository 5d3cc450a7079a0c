"""Formats of access logs: the rule refuses what httpd refuses, and nothing else."""

from __future__ import annotations

import string
import subprocess
from pathlib import Path

import pytest
from conftest import BINARY, load_lines
from module_utils._httpd.checking.check import check
from module_utils._httpd.reading.environment import Environment
from module_utils._httpd.reading.expand import expand
from module_utils._httpd.reading.view import view
from module_utils._httpd.syntax.parse import parse_tree
from module_utils._httpd.vocabulary.needed_modules import needed_modules

_LETTERS = [f"{begin}{letter}" for begin in ("%", "%{x}", "%^") for letter in string.ascii_letters]
_ODD = """
% x% %% %{x %{x} %400 %400h %!h %!400,501{x}i %<s %>s %<>s %,h %-h %.h %^FB %^ti %{x}^ti %^to %^xx %^FBx %^F %^ %4x %_ %1 %<
%! %{x}<s %{a}{b}i %{x}!i %400{x}501i %{}t %{begin:%Y}t %{foo}p %<{x}i %{a}b}i %^^ti %%Q %5% %{x}% %m%Q %{%Q}t %^%h %^a%h %%%
%%%h %{x}%h
"""
_TYPES = "<IfModule mime_module>\nTypesConfig /dev/null\n</IfModule>"
_FORMATS = [*_LETTERS, *_ODD.split(), "% h", "%h ", "\\%h", "\\%Q", "plain"]


def _is_refused(directory: Path, line: str, *modules: str) -> bool:
    """Tell whether httpd refuses a line as it reads it."""
    configuration = directory / "httpd.conf"
    lines = [
        f"ServerRoot {directory}",
        f"ErrorLog {directory}/e",
        f"PidFile {directory}/pid",
        "ServerName localhost",
        *load_lines(*modules),
        _TYPES,
        line,
    ]
    configuration.write_text("\n".join((*lines, "Listen 127.0.0.1:4000")) + "\n")
    command = [BINARY, "-t", "-f", str(configuration)]
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


def _is_reported(line: str, *modules: str) -> bool:
    """Tell whether the rule reports it."""
    environment = Environment(modules={f"{module}_module" for module in modules})
    server = view(expand(parse_tree(line, "t")[0], environment).tree)
    found = check(server, environment)
    return "unreadable-log-format" in {problem.rule for problem in found}


@pytest.mark.parametrize("modules", [(), ("ssl",)], ids=["plain", "ssl"])
def test_what_httpd_refuses_is_reported(tmp_path: Path, modules: tuple[str, ...]) -> None:
    lines = [f'LogFormat "{text}" t' for text in _FORMATS]
    wrong = [
        line
        for line in lines
        if _is_refused(tmp_path, line, *modules) != _is_reported(line, *modules)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    [
        'LogFormat "%Q"',
        'CustomLog /dev/null "%Q"',
        'CustomLog /dev/null "%Q" env=x',
        'GlobalLog /dev/null "%Q"',
        'LogFormat t "%h %Q"',
        "CustomLog /dev/null t",
    ],
)
def test_every_directive_with_a_format_is_read(tmp_path: Path, line: str) -> None:
    assert _is_refused(tmp_path, line) == _is_reported(line)


def test_a_format_that_is_mod_ssls_has_it_loaded(tmp_path: Path) -> None:
    line = 'LogFormat "%{SSL_PROTOCOL}x" t'
    assert _is_refused(tmp_path, line)
    assert "ssl" in needed_modules(parse_tree(line, "t")[0])
    assert not _is_refused(tmp_path, line, *needed_modules(parse_tree(line, "t")[0]))
