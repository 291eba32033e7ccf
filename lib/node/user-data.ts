import * as fs from "fs";
import * as path from "path";
import { refuse } from "../core/validation";
import type { NodeIdentity } from "./identity";
import { AGENT_UNIT, BOOTSTRAP_FILE, IDENTITY_FILE, PREFIX } from "./paths";

/** Frozen like the bootstrap. */
const UNIT_CONTENT = `[Unit]
Description=Agent of this Flink node
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=/usr/bin/python3 -I ${BOOTSTRAP_FILE}
Restart=always
RestartSec=5
UMask=0022
OOMScoreAdjust=-900

[Install]
WantedBy=multi-user.target
`;

/** AWS's limit is 16 KiB; what tokens become must still fit. */
const LARGEST_USER_DATA_BYTES = 12 * 1024;
/** What the bootstrap says of itself is for whoever reads its source: user data has no room for it. */
const DOCSTRING = /^ *"""[^]*?"""\n\n?/gm;
const PLAIN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const TOKEN = /^\$\{TfToken\[[^\]]+\]\}$/;

/**
 * The user data of a machine: a Python script for cloud-init that writes who the machine is, the frozen
 * bootstrap and its unit, and starts it. Running it again changes nothing. Nothing in it differs from
 * release to release, so that an upgrade of this library never touches a machine.
 *
 * Refused: values that are no plain ids (letters, digits, `.`, `_`, `-`), unless they are Terraform tokens.
 */
export function renderUserData(identity: NodeIdentity): string {
  const script = `#!/usr/bin/python3
"""Makes this machine a node: writes who it is and the program that fetches the rest. Safe to run again."""
import os
import subprocess

IDENTITY = r'''${identityJson(identity)}'''

UNIT = r'''${UNIT_CONTENT}'''

BOOTSTRAP = r'''${bootstrapSource()}'''


def write(path, text, mode):
    os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(path + ".new", mode)
    os.replace(path + ".new", path)


os.umask(0o022)
write("${IDENTITY_FILE}", IDENTITY, 0o644)
write("${BOOTSTRAP_FILE}", BOOTSTRAP, 0o755)
write("/etc/systemd/system/${AGENT_UNIT}", UNIT, 0o644)
os.chmod("${PREFIX}", 0o755)
for command in (["daemon-reload"], ["enable", "${AGENT_UNIT}"], ["start", "--no-block", "${AGENT_UNIT}"]):
    subprocess.run(["systemctl"] + command, check=True, timeout=120)
`;
  if (Buffer.byteLength(script) > LARGEST_USER_DATA_BYTES) {
    throw new Error(`the user data of ${identity.node} has more than ${LARGEST_USER_DATA_BYTES} bytes`);
  }
  return script;
}

/** Plain text JSON in a fixed order: Terraform replaces the tokens in it later. */
function identityJson(identity: NodeIdentity): string {
  const { cluster, node, bucket, softwareBucket, region, dnsSuffix, dataVolumeId } = identity;
  const values = { cluster, node, bucket, softwareBucket, region, dnsSuffix, dataVolumeId };
  for (const [property, value] of Object.entries(values)) {
    if (typeof value !== "string" || !(PLAIN_ID.test(value) || TOKEN.test(value))) {
      refuse({
        property: `identity.${property}`,
        value,
        allowed: "1 to 128 letters, digits, dots, underscores and hyphens, the first a letter or digit",
        remedy: "choose such a name",
      });
    }
  }
  return JSON.stringify(values, null, 2) + "\n";
}

let cachedSource: string | undefined;

function bootstrapSource(): string {
  cachedSource ??= fs.readFileSync(path.join(__dirname, "bootstrap", "bootstrap.py"), "utf8").replace(DOCSTRING, "");
  return cachedSource;
}
