"""The apache_* variables of one host: what operators may write, and how it is read."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from typing import Any

from ..syntax.problem import Problem
from ..syntax.tree import NOWHERE, Place
from ..tls.profiles import PROFILES, Profile
from ..variables.door import Door, Invalid, read_value
from ..variables.fields import key, list_of, mapping_of
from ..variables.kinds import boolean, choice, integer, parsed, text
from ..variables.models import model_of
from ..variables.problem_kinds import VARIABLE_MISSPELT
from ..vocabulary.address import read_network
from .balancers.model import BalancerModel
from .http2.model import Http2
from .mpm_event.model import MpmEvent
from .ssl.acme import Acme
from .ssl.model import Ssl, SslDefaults
from .vhosts.model import Vhost
from .vhosts.vhost_defaults import DEFAULTS, read_defaults
from .vhosts.vhost_lists import GROUP_LISTS, vhost_lists
from .vhosts.vhost_parts import CheckOff

# The playbooks' own, which the core doesn't read.
PLAYBOOK_VARIABLES = {
    "apache_adopt_directory": "Where `adopt` writes what it found, `host_vars` beside the inventory by default.",
    "apache_adopt_overwrite": "Let `adopt` write over a file that says something else.",
    "apache_check_fail_on": "From which severity on `check` fails, `error` by default, or `warning`.",
    "apache_check_path": "A configuration's file that `check` reads on the hosts, instead of their variables.",
    "apache_hosts": "The hosts of every playbook, all by default; `rollback` and `remove` want it said, or `--limit`.",
    "apache_release": "The release that `rollback` goes to, the one before by default.",
    "apache_serial": "The batches of `site`, `rollback` and `remove`, as Ansible's `serial`.",
}
# They are no concern's: what holds for the commit of all roles, and whether a role of one concern has its part go.
COMMIT_VARIABLES = (
    "apache_allow_empty",
    "apache_allow_removal",
    "apache_cut_connections",
    "apache_service_state",
    "apache_takes_over",
)
ROLE_STATE = "apache_role_state"
# How alike two names must be for one to be a slip of the other.
_SLIP = 0.92
_LONGEST_SLIP = 40  # characters


@dataclass(frozen=True)
class Inventory:
    """Everything that a host's variables say; `lists_vhosts` tells whether any list of virtual hosts is there, empty or not."""

    vhosts: tuple[Vhost, ...] = ()
    lists_vhosts: bool = False
    balancers: tuple[BalancerModel, ...] = key(
        list_of(model_of(BalancerModel)), "Balancers.", default=()
    )
    trusted_proxies: tuple[str, ...] = key(
        list_of(parsed(read_network)),
        "Proxies in front, whose forwarded headers count; everybody else's are dropped.",
        default=(),
    )
    modules: tuple[str, ...] = key(
        list_of(
            text(
                pattern=r"(?!mod_)[a-z0-9_][a-z0-9_.-]*(?<!\.load)(?<!\.conf)",
                wanted="a module's name as a2enmod takes it, `deflate` for mod_deflate",
            )
        ),
        "Modules beyond those that the configuration asks for.",
        default=(),
    )
    log_formats: Mapping[str, str] = key(
        mapping_of(
            text(wanted="a LogFormat"),
            name=text(pattern=r"[A-Za-z0-9_]+", wanted="a name of letters and digits"),
        ),
        "Formats for custom_log, by name.",
        default_factory=dict,
    )
    http2: Http2 | None = key(
        model_of(Http2),
        "HTTP/2: `{}` is on wherever there is `ssl`; without it, what the host's own configuration says.",
        default=None,
    )
    mpm_event: MpmEvent | None = key(
        model_of(MpmEvent),
        "The event MPM: `{}` sizes it for the host; without it, what the host's own configuration says.",
        default=None,
    )
    check_off: tuple[CheckOff, ...] = key(
        list_of(model_of(CheckOff)), "Problems that are silenced for the whole host.", default=()
    )
    owner: str = key(
        text(pattern=r"[a-z0-9][a-z0-9_-]{0,63}", wanted="a lower-case name of at most 64 letters"),
        "Who deploys this part of the host; a run never touches another owner's.",
        default="main",
    )
    ssl: SslDefaults = key(model_of(SslDefaults), "TLS of the whole host.", default=SslDefaults())
    acme: Acme = key(model_of(Acme), "The authority of managed certificates.", default=Acme())
    proof_port: int = key(
        integer(1, 65535),
        "Loopback port on which the server says which release it serves.",
        default=897,
    )
    allow_empty: bool = key(boolean(), "Let a commit remove every virtual host.", default=False)
    allow_removal: bool = key(
        boolean(),
        "Let a commit remove more than a quarter of a host's virtual hosts, where those are three or more.",
        default=False,
    )
    cut_connections: bool = key(
        boolean(),
        "Let a restart cut off clients whose connections earlier reloads have left on their children.",
        default=False,
    )
    service_state: str = key(
        choice("started", "stopped"), "Whether the server is to run.", default="started"
    )
    takes_over: tuple[str, ...] = key(
        list_of(text(pattern=r"\S+", wanted="a name, or `*`")),
        "Names of the host's own sites that virtual hosts of yours may answer from now on, `*` for names that nobody has; names of"
        " yours that may go on leading to somebody else's.",
        default=(),
    )
    role_state: str = key(
        choice("present", "absent"),
        "Have what a role deployed for the owner go with `absent`.",
        default="present",
    )
    place: Place = field(default=NOWHERE, compare=False)

    def profile_of(self, ssl: Ssl) -> Profile:
        """Return what a virtual host's TLS follows."""
        return PROFILES[ssl.profile or self.ssl.profile]

    @cached_property
    def asks_clients(self) -> bool:
        """Whether any virtual host asks for clients' certificates: its backends may be those of others too."""
        return any(vhost.ssl.verify_client for vhost in self.vhosts if vhost.ssl)


def variables(names: Iterable[object] = ()) -> tuple[str, ...]:
    """Return the names of all variables that the core reads; of lists of single groups those among `names`."""
    settings = (f"apache_{name}" for name in _settings())
    return (*vhost_lists(names), DEFAULTS, *settings)


def without_defaults(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return variables, plain data by name, without those that say what holds anyway: roles bring defaults, plays don't."""
    defaults = {f"apache_{name}": _as_written(field) for name, field in _settings().items()}
    return {
        name: value
        for name, value in raw.items()
        if name not in defaults or (type(value), value) != (type(defaults[name]), defaults[name])
    }


def _as_written(field: dataclasses.Field[Any]) -> Any:
    """Return a field's default as YAML has it: its lists are no tuples."""
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    return list(default) if isinstance(default, tuple) else default


def misspelt_variables(names: Iterable[object]) -> Iterator[Problem]:
    """Yield an error for each name that is none of Gatehouse's, but nearly one: what it says would be ignored."""
    given = [name for name in names if isinstance(name, str) and name.isprintable()]
    known = (*variables(given), *PLAYBOOK_VARIABLES)
    for name in sorted({*given} - {*known}):
        near = _nearest(name, known)
        if near:
            message = f"no variable of Gatehouse has this name, but one is `{near}`"
            fix = f"write `{near}`, or give your own variable a name that isn't taken for it"
            yield VARIABLE_MISSPELT.problem(Place(name), message, fix)


def _nearest(name: str, known: Sequence[str]) -> str:
    """Return the variable of which a name is a slip, that of a single group's list too; empty for none."""
    if len(name) > _LONGEST_SLIP:
        return ""
    swapped = {name[:at] + name[at + 1] + name[at] + name[at + 2 :] for at in range(len(name) - 1)}
    near = [one for one in known if one in swapped]
    near += get_close_matches(name, known, n=1, cutoff=_SLIP)
    if near:
        return near[0]
    words = name.split("_")
    begin, group = "_".join(words[:3]), "_".join(words[3:])
    is_group = group and SequenceMatcher(None, begin, GROUP_LISTS).ratio() >= _SLIP
    return f"{GROUP_LISTS}_{group}" if is_group else ""


def read_inventory(raw: Mapping[str, Any]) -> tuple[Inventory, tuple[Problem, ...]]:
    """Read a host's variables, plain data by name; whatever can't be read is a problem and left out."""
    door = Door()
    values: dict[str, Any] = {
        "vhosts": tuple(_vhosts(raw, door)),
        "lists_vhosts": any(raw.get(name) is not None for name in vhost_lists(raw)),
    }
    for name, setting in _settings().items():
        variable = f"apache_{name}"
        if raw.get(variable) is not None:
            kind = setting.metadata["key"].kind
            try:
                place = Place(variable, is_leaf=kind.model is None)
                values[name] = read_value(kind, raw[variable], place, door)
            except Invalid:
                continue
    return Inventory(**values), tuple(door.problems)


def _settings() -> dict[str, dataclasses.Field[Any]]:
    """Return the fields that are variables of their own."""
    return {field.name: field for field in dataclasses.fields(Inventory) if "key" in field.metadata}


def _vhosts(raw: Mapping[str, Any], door: Door) -> Iterator[Vhost]:
    """Yield the virtual hosts of all lists, each filled from apache_vhost_defaults."""
    defaults = read_defaults(raw.get(DEFAULTS), door)
    kind = model_of(Vhost)

    def read(element: Any, place: Place, door: Door) -> Any:
        return defaults.joined(kind.read(defaults.filled(element), place, door), element)

    whole = list_of(dataclasses.replace(kind, read=read))
    for name in vhost_lists(raw):
        if raw.get(name) is not None:
            try:
                yield from read_value(whole, raw[name], Place(name), door)
            except Invalid:
                continue
