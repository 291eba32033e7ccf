/**
 * The rooms of lib and what each may import of the others: arrows go one way, so that settings and node can be
 * tested, and used by another platform, without any cloud.
 */

/** Packages that only rooms of the cloud may know. */
const CLOUD_PACKAGES = ["cdktf", "constructs", "@cdktf/provider-aws"];

/** Room -> rooms of lib that it may import, beside itself and lib/core. */
const ROOMS = {
  core: [],
  vendor: [],
  metrics: [],
  settings: ["node"],
  node: [],
  software: ["node", "settings"],
  "plan-guard": ["software", "node"],
  local: ["software", "node", "settings"],
  operate: ["local", "software", "plan-guard", "node", "settings"],
  encryption: [],
  storage: ["encryption"],
  network: ["node", "encryption"],
  dataflow: ["network", "storage", "encryption", "settings", "node"],
  cluster: ["settings", "node", "software", "network", "storage", "encryption", "dataflow", "metrics"],
  observability: ["cluster", "dataflow", "network", "storage", "encryption", "metrics", "settings", "node"],
};

/** Rooms that are pure: they know nothing of Terraform or of a cloud. */
const PURE_ROOMS = ["core", "vendor", "metrics", "settings", "node", "software", "plan-guard", "local", "operate"];

/** The one part of a pure room that may know Terraform: what every construct shares. */
const CLOUD_EXCEPTIONS = ["core/terraform"];

/** Folders beside lib, none of which lib may import. */
const OUTSIDE_LIB = ["stacks", "examples", "bin", "test", "scripts"];

module.exports = { CLOUD_PACKAGES, ROOMS, PURE_ROOMS, CLOUD_EXCEPTIONS, OUTSIDE_LIB };
