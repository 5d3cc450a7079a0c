"""Puts pip into ansible-test's environment from Python's own bundle, where its download server can't be reached."""

from __future__ import annotations

import subprocess
import sys

# In a process of its own: ensurepip makes pip forget this machine's settings.
subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *wanted]))
