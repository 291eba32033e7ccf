import { OPENSEARCH_HOST, OPENSEARCH_PORT } from "./opensearch-stacks";

/** May do everything with indices, and give users and roles: known to the server's machine alone. */
export const ADMINISTRATOR = "administrator";
const KEEPER = "keeper_of_users";

/**
 * What OpenSearch and its security plugin begin with, by paths below the folder of its configuration: TLS, passwords and
 * one user. JSON is YAML as well.
 *
 * @param hash of the administrator's password, by bcrypt
 */
export function configurationFiles(data: string, hash: string): Record<string, string> {
  const security = (type: string, content: object) =>
    JSON.stringify({ _meta: { type, config_version: 2 }, ...content }, undefined, 2);
  return {
    "opensearch.yml": JSON.stringify(settings(data), undefined, 2),
    "opensearch-security/config.yml": security("config", { config: { dynamic: DYNAMIC } }),
    "opensearch-security/internal_users.yml": security("internalusers", {
      [ADMINISTRATOR]: { hash, reserved: true },
    }),
    "opensearch-security/roles.yml": security("roles", {
      [KEEPER]: { cluster_permissions: ["restapi:admin/internalusers"] },
    }),
    "opensearch-security/roles_mapping.yml": security("rolesmapping", {
      all_access: { users: [ADMINISTRATOR] },
      [KEEPER]: { users: [ADMINISTRATOR] },
    }),
    "opensearch-security/action_groups.yml": security("actiongroups", {}),
    "opensearch-security/tenants.yml": security("tenants", {}),
    "log4j2.properties": LOG_SETTINGS,
  };
}

function settings(data: string): Readonly<Record<string, unknown>> {
  const tls = (layer: string) => ({
    [`plugins.security.ssl.${layer}.pemcert_filepath`]: "tls/server.pem",
    [`plugins.security.ssl.${layer}.pemkey_filepath`]: "tls/server.key",
    [`plugins.security.ssl.${layer}.pemtrustedcas_filepath`]: "tls/authority.pem",
  });
  return {
    "cluster.name": "others",
    "node.name": "node-1",
    "path.data": data,
    "path.logs": data,
    "discovery.type": "single-node",
    "http.host": "0.0.0.0",
    "http.port": OPENSEARCH_PORT,
    // Of one node with itself.
    "transport.host": "127.0.0.1",
    "cluster.routing.allocation.disk.threshold_enabled": false,
    // Amazon's own advice where access is given by the index in the path.
    "rest.action.multi.allow_explicit_index": false,
    ...tls("transport"),
    ...tls("http"),
    "plugins.security.ssl.http.enabled": true,
    "plugins.security.ssl.http.clientauth_mode": "NONE",
    "plugins.security.nodes_dn": [`CN=${OPENSEARCH_HOST}`],
    "plugins.security.allow_default_init_securityindex": true,
    "plugins.security.audit.type": "noop",
    "plugins.security.restapi.roles_enabled": ["all_access"],
    // Who may keep users may then change reserved ones too.
    "plugins.security.restapi.admin.enabled": true,
  };
}

const DYNAMIC = {
  http: { anonymous_auth_enabled: false },
  authc: {
    passwords: {
      ...{ http_enabled: true, transport_enabled: false, order: 0 },
      http_authenticator: { type: "basic", challenge: true },
      authentication_backend: { type: "intern" },
    },
  },
};

const LOG_SETTINGS = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c{1} %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`;
