"""The sections whose contents httpd reads or passes over while it reads its configuration."""

from __future__ import annotations

CONDITIONS = frozenset({"ifdefine", "ifdirective", "iffile", "ifmodule", "ifsection", "ifversion"})
