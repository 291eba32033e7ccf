/** All that makes the base image; a change of any of it makes another image. */
export interface BaseImageRecipe {
  readonly suite: string;
  readonly packages: readonly string[];
  /** Run as root inside the tree. */
  readonly script: string;
}

/**
 * cloud-init knows AWS by DMI or hypervisor, which a container does not show. This says "aws"; all the rest
 * is the stock datasource.
 */
const DATASOURCE = `from cloudinit import sources
from cloudinit.sources import DataSourceEc2 as ec2


class DataSourceLabEc2(ec2.DataSourceEc2):
    def _get_cloud_name(self):
        return ec2.CloudNames.AWS


def get_datasource_list(depends):
    return sources.list_from_depends(
        depends, [(DataSourceLabEc2, (sources.DEP_FILESYSTEM, sources.DEP_NETWORK))]
    )
`;

/** One entry in the list makes ds-identify take it without probing; the lab wires the network itself. */
const CLOUD_CONFIG = `datasource_list: [ LabEc2 ]
network: { config: disabled }
manage_etc_hosts: false
ssh_genkeytypes: [ ed25519 ]
grub_dpkg: { enabled: false }
`;

/** Without a terminal, udev or a way to an archive these only cost time or fail. */
const MASKED_UNITS = [
  "apt-daily-upgrade.timer",
  "apt-daily.timer",
  "console-getty.service",
  "e2scrub_all.timer",
  "e2scrub_reap.service",
  "fstrim.timer",
  "getty.target",
  "systemd-networkd-wait-online.service",
  "systemd-networkd.service",
  "systemd-pstore.service",
  "systemd-resolved.service",
  "systemd-timesyncd.service",
  "systemd-udev-trigger.service",
  "systemd-udevd.service",
];

/**
 * Debian 13 with what its official cloud image holds that a node may rely on, and no more: no curl, no jq,
 * no Java, and iptables without nft (package_config/SYSTEM_BOOT of Debian's debian-cloud-images names the one and
 * installs nothing that is only recommended). (openssl comes with ca-certificates, there as here.)
 */
export const RECIPE: BaseImageRecipe = {
  suite: "trixie",
  packages: [
    ...["systemd", "systemd-sysv", "dbus", "udev", "kmod", "procps", "sudo", "tzdata", "locales", "less"],
    ...["iproute2", "iputils-ping", "netbase", "iptables", "openssh-client", "ca-certificates"],
    // debootstrap does not follow the virtual package through which cloud-init needs the last one.
    ...["e2fsprogs", "cloud-init", "python3", "python3-cffi-backend"],
  ],
  script: `
sed -i 's/^# *en_US.UTF-8 UTF-8/en_US.UTF-8 UTF-8/' /etc/locale.gen
locale-gen
update-locale LANG=en_US.UTF-8
systemctl mask ${MASKED_UNITS.join(" ")}
# Its units wait for udev, which a container has not.
sed -i '/install.hotplug/d' /etc/cloud/cloud.cfg
cat > /usr/lib/python3/dist-packages/DataSourceLabEc2.py <<'END'
${DATASOURCE}END
cat > /etc/cloud/cloud.cfg.d/90_lab.cfg <<'END'
${CLOUD_CONFIG}END
python3 -m compileall -q /usr/lib/python3/dist-packages/DataSourceLabEc2.py
rm -f /etc/hostname /etc/resolv.conf /var/lib/dbus/machine-id
: > /etc/machine-id
rm -rf /var/cache/apt/archives/*.deb /var/lib/apt/lists/* /var/log/bootstrap.log
`,
};
