"""Write what is said of variables and problems elsewhere from where it is said once: the core.

docs/rules.md, docs/problems.md, docs/variables.md, docs/directives.md and each role's meta/argument_specs.yml.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "plugins"))

# The path to them is made just above.
from effects_page import effects_page  # noqa: E402
from problem_pages import problems_page, rules_page  # noqa: E402
from role_files import ROLES, UMBRELLA, argument_specs, commit_tasks, handlers, metadata, tasks  # noqa: E402
from variable_options import variables_page  # noqa: E402


def outputs() -> dict[Path, str]:
    """Return every generated file's path and text."""
    specs = {
        ROOT / "roles" / role / "meta" / "argument_specs.yml": argument_specs(role)
        for role in (*ROLES, UMBRELLA, "commit")
    }
    return {
        **{ROOT / "roles" / role / "tasks" / "main.yml": tasks(role) for role in ROLES},
        **{ROOT / "roles" / role / "handlers" / "main.yml": handlers() for role in ROLES},
        **{ROOT / "roles" / role / "meta" / "main.yml": metadata(role) for role in ROLES},
        ROOT / "roles/commit/tasks/commit.yml": commit_tasks(),
        ROOT / "docs/rules.md": rules_page(),
        ROOT / "docs/problems.md": problems_page(),
        ROOT / "docs/variables.md": variables_page(),
        ROOT / "docs/directives.md": effects_page(),
        **specs,
    }


def main() -> None:
    """Write every file."""
    for path, text in outputs().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
