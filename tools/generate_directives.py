"""Write plugins/module_utils/_httpd/vocabulary/directives.py from what `httpd -L` says with every available module loaded."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

AVAILABLE = Path("/etc/apache2/mods-available")
TARGET = Path(__file__).parents[1] / "plugins/module_utils/_httpd/vocabulary/directives.py"
# One MPM fits in a server. What prefork has of its own comes after what event has; worker has nothing of its own.
MPMS = ("mpm_event", "mpm_prefork")
# The last two answer for a name that another module has too.
LEFT_OUT = {"mpm_event", "mpm_prefork", "mpm_worker", "cern_meta", "heartmonitor"}
HEAD_LINE = r"[<\w/]\S* \([\w.]+\)\n"
ENTRY = re.compile(
    rf"^(?P<name>[<\w/]\S*) \((?P<module>[\w.]+)\)\n(?P<text>(?:(?!{HEAD_LINE}).*\n)*)",
    re.MULTILINE,
)
CONTEXTS = {
    "Allowed in *.conf only outside <Directory>, <Files>, <Location>, or <If>": "server",
    "Allowed in *.conf only inside <Directory>, <Files>, <Location>, or <If>": "directory",
    "Allowed in *.conf only inside <Directory>, <Files>, <Location>, or <If> and in .htaccess": "directory",
    "Allowed in *.conf anywhere": "anywhere",
    "Allowed in *.conf anywhere and in .htaccess": "anywhere",
    "Allowed in *.conf anywhere [no per-dir config] and in .htaccess": "anywhere",
}


def load_lines(mpm: str) -> list[str]:
    """Return every module's LoadModule line beside one MPM, dependencies first."""
    texts = {
        path.stem: path.read_text()
        for path in AVAILABLE.glob("*.load")
        if path.stem == mpm or path.stem not in LEFT_OUT
    }
    ordered: list[str] = []

    def add(module: str) -> None:
        if module in ordered or module not in texts:
            return
        for depends in re.findall(r"^# Depends:(.*)", texts[module], re.MULTILINE):
            for dependency in depends.split():
                add(dependency)
        ordered.append(module)

    for module in sorted(texts):
        add(module)
    return [
        line.strip()
        for module in ordered
        for line in texts[module].splitlines()
        if line.strip().startswith("LoadModule")
    ]


def ask_httpd(mpm: str) -> str:
    """Return what httpd says of its directives, with this MPM."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as configuration:
        configuration.write(
            "\n".join(["ServerName localhost", "ErrorLog /dev/null", *load_lines(mpm), ""])
        )
        configuration.flush()
        answer = subprocess.run(
            ["apache2", "-f", configuration.name, "-L"], capture_output=True, text=True, check=False
        )
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return answer.stdout


def main() -> None:
    """Write the table."""
    rows: dict[str, tuple[str, str, str]] = {}
    for entry in ENTRY.finditer("".join(map(ask_httpd, MPMS))):
        name = entry["name"].lstrip("<").rstrip(">")
        context = next(
            (
                CONTEXTS[line.strip()]
                for line in entry["text"].splitlines()
                if line.strip() in CONTEXTS
            ),
            None,
        )
        if context is None:
            raise SystemExit(f"no known context for {name}:\n{entry['text']}")
        rows.setdefault(name.lower(), (name, entry["module"], context))
    version = subprocess.run(["apache2", "-v"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"Apache/([\d.]+)", version)
    lines = [
        f'    "{key}": Entry("{name}", "{module}", "{context}"),'
        for key, (name, module, context) in sorted(rows.items())
    ]
    TARGET.write_text(
        HEAD.format(version=number[1] if number else "?") + "\n".join(lines) + "\n}\n"
    )
    print(f"{len(rows)} directives")


HEAD = '''"""Every directive's module and contexts, as httpd {version} says them; written by tools/generate_directives.py."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A directive's spelling, its module's source, and where it may stand.

    `context` is `server` (main server and virtual hosts), `directory` (<Directory>, <Location>, … only) or `anywhere`.
    """

    name: str
    module: str
    context: str


DIRECTIVES: dict[str, Entry] = {{
'''

if __name__ == "__main__":
    main()
