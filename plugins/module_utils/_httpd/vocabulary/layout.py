"""Where a distribution keeps its httpd: one Layout a family."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Absolute paths and names of one distribution.

    `entry` is the file by which Apache follows the current release, last of all sites so that the host's own default
    virtual host stays the default; `entry_link` enables it. httpd's children are `run_user` in `run_group`; what they write
    lies below `log_directory`, `cache_directory` and `state_directory`. `ca_file` has the authorities that the system believes,
    `openssl` tells what its OpenSSL can do, `certificate_store` has what mod_md gets. `private` are directories that a
    shadow must not share. `default_site_root` is what the default site serves, `default_site_page` the one page
    that its package has put there. `prologue` is what the distribution's start script runs before httpd, after its variables are
    set. `packages` are what a host without httpd gets, `certificate_packages` what reads certificates there.
    """

    os_family: str
    config_root: str
    main_config: str
    binary: str
    envvars: str
    prologue: str
    unit: str
    unit_directory: str
    pid_file: str
    modules_available: str
    modules_enabled: str
    sites_enabled: str
    entry: str
    entry_link: str
    entry_target: str
    default_site_link: str
    default_site: str
    default_site_package: str
    default_site_root: str
    default_site_page: str
    packages: tuple[str, ...]
    certificate_packages: tuple[str, ...]
    log_directory: str
    run_user: str
    run_group: str
    cache_directory: str
    state_directory: str
    ca_file: str
    openssl: str
    certificate_store: str
    private: tuple[str, ...]

    @property
    def gatehouse(self) -> str:
        """The directory that Gatehouse owns."""
        return f"{self.config_root}/gatehouse"

    @property
    def entry_text(self) -> str:
        """What the entry file says: a strict Include, since a missing IncludeOptional serves nothing silently."""
        return (
            "# Follows the current release of Gatehouse.\n"
            f"Include {self.gatehouse}/current/gatehouse.conf\n"
        )


DEBIAN = Layout(
    os_family="Debian",
    config_root="/etc/apache2",
    main_config="/etc/apache2/apache2.conf",
    binary="/usr/sbin/apache2",
    envvars="/etc/apache2/envvars",
    prologue="${APACHE_ULIMIT_MAX_FILES:-ulimit -n 8192}",
    unit="apache2.service",
    unit_directory="/etc/systemd/system",
    pid_file="/run/apache2/apache2.pid",
    modules_available="/etc/apache2/mods-available",
    modules_enabled="/etc/apache2/mods-enabled",
    sites_enabled="/etc/apache2/sites-enabled",
    entry="/etc/apache2/sites-available/zz-gatehouse.conf",
    entry_link="/etc/apache2/sites-enabled/zz-gatehouse.conf",
    entry_target="../sites-available/zz-gatehouse.conf",
    default_site_link="/etc/apache2/sites-enabled/000-default.conf",
    default_site="/etc/apache2/sites-available/000-default.conf",
    default_site_package="apache2",
    default_site_root="/var/www/html",
    default_site_page="/usr/share/apache2/default-site/index.html",
    packages=("apache2", "ca-certificates"),
    certificate_packages=("ca-certificates", "python3-cryptography"),
    log_directory="/var/log/apache2",
    run_user="www-data",
    run_group="www-data",
    cache_directory="/var/cache/apache2",
    state_directory="/var/lib/apache2/gatehouse",
    ca_file="/etc/ssl/certs/ca-certificates.crt",
    openssl="/usr/bin/openssl",
    certificate_store="/etc/apache2/md",
    private=("/run/apache2", "/run/lock", "/var/log/apache2", "/var/cache/apache2"),
)
