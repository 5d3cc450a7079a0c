"""What can be wrong with the value of a variable by itself."""

from __future__ import annotations

from ..syntax.problem import ProblemKind

_LEFT_OUT = "the value can't be used, and without it something else would be deployed"

VARIABLE = ProblemKind(
    "variable",
    "error",
    """
    A value isn't of the kind that its variable takes, or a key that must be there is missing. The
    message says what was found, and what is wanted.

    [variables.md](variables.md) lists every variable with its type.
    """,
    never_silenced=_LEFT_OUT,
)
TEMPLATE = ProblemKind(
    "template",
    "error",
    """
    A value's template fails, mostly because it names a variable that isn't defined for the host. The
    message has Ansible's own words. Everything else of the host is checked all the same.

    Define the variable, or mend the template; `ansible -m ansible.builtin.debug -a var=NAME HOST`
    shows what a variable gives.
    """,
    never_silenced=_LEFT_OUT,
)
UNKNOWN_KEY = ProblemKind(
    "unknown-key",
    "error",
    """
    A variable has a key that Gatehouse doesn't know. Most often it is misspelt, or belongs to
    another collection (`servername` instead of `server_name`); what it says would be ignored.

    Write the key that the message names, or one of [variables.md](variables.md).
    """,
    never_silenced="what the key says would be ignored",
)
VARIABLE_MISSPELT = ProblemKind(
    "variable-misspelt",
    "error",
    """
    A variable of the host has nearly the name of one that Gatehouse reads (`apache_vhost_default`
    instead of `apache_vhost_defaults`). What it says would be ignored. Names that are further from
    Gatehouse's own belong to other roles, and are left alone.

    Write the name that the message has. If the variable is yours and means something else, give it
    another name, or silence this with a reason.
    """,
)
VALUE_TOO_LONG = ProblemKind(
    "value-too-long",
    "error",
    """
    httpd keeps only so many bytes of this value, some without a word: two names that differ later
    would be one.

    Write a shorter one.
    """,
    never_silenced=_LEFT_OUT,
)
UNWRITABLE_VALUE = ProblemKind(
    "unwritable-value",
    "error",
    """
    The value has something that no quoting carries into httpd: a line break, a control character,
    or `${`, which httpd replaces even inside quotes. It could become a directive of its own.

    Remove it. Directives of several lines belong into `extra_directives`.
    """,
    never_silenced="httpd would read another value, or a directive that nobody wrote",
)
UNIT_IGNORED = ProblemKind(
    "unit-ignored",
    "error",
    """
    The value has a unit of time, and httpd reads only the number: `timeout: 2000ms` would be 2000
    seconds.

    Write a whole number of the unit that the message names: `timeout: 2`.
    """,
    never_silenced=_LEFT_OUT,
)
PARAMETER_OF_ANOTHER_OBJECT = ProblemKind(
    "parameter-of-another-object",
    "error",
    """
    mod_proxy knows parameters of workers, of a balancer's members and of balancers, and this one
    stands at another object than its own: `loadfactor` at a rule, `lbmethod` at a member. httpd
    refuses it.

    Write it where the message says.
    """,
    never_silenced="httpd doesn't start with the parameter there",
)
