/**
 * Tag of a machine through which people reach the nodes of a cluster by Session Manager; its value is the name of the
 * cluster. The command line finds such machines by it, and whoever may operate a cluster may open sessions with them alone.
 */
export const CLIENT_TAG = "cdktf-flink:client-of";
