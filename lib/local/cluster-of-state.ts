import { parse } from "yaml";
import type { DesiredState } from "../node/desired-state";
import { JOB_MANAGER_UNIT, TASK_MANAGER_UNIT } from "../node/flink-services";
import { FLINK_CONF, FLINK_LIB, FLINK_PLUGINS, softwareFolder } from "../node/paths";
import type { ProductionCluster } from "./production-cluster";
import { commandOfUnit, settingsOfCommand } from "./unit-text";

/** Parts that the processes load for the shipping of logs alone, which a local cluster does not do. */
const OF_SHIPPING = ["log4j-layout-template-json"];

/** The cluster whose nodes shall run a desired state. */
export function clusterOfState(state: DesiredState): ProductionCluster {
  const [node] = state.nodes;
  const settingsOf = (unit: string): Readonly<Record<string, string>> =>
    settingsOfCommand(commandOfUnit(state.units.find(({ name }) => name === unit)?.content ?? ""));
  return {
    name: state.cluster,
    flink: state.software.find(({ name }) => name === "flink")?.version ?? "",
    configuration: flatConfiguration(contentOf(node.files, "config.yaml")),
    jobManagerSettings: settingsOf(JOB_MANAGER_UNIT),
    taskManagerSettings: settingsOf(TASK_MANAGER_UNIT),
    log4j: contentOf(state.files, "log4j-console.properties"),
    libraries: librariesOf(state),
  };
}

function contentOf(files: DesiredState["files"], name: string): string {
  return files.find(({ path }) => path === `${FLINK_CONF}/${name}`)?.content ?? "";
}

/** The file is ours, flat and all text; what a person wrote into it by hand may be a number. */
function flatConfiguration(text: string): Readonly<Record<string, string>> {
  const parsed = (parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)]));
}

/** Those whose folders are on the class path or among the plugins. */
function librariesOf(state: DesiredState): readonly string[] {
  const folderOf = (path: string) => state.linkFolders.find((folder) => folder.path === path);
  const folders = new Set([
    ...(folderOf(FLINK_LIB)?.entriesOf ?? []).map((folder) => folder.replace(/\/lib$/, "")),
    ...(folderOf(FLINK_PLUGINS)?.links ?? []).map(({ target }) => target),
  ]);
  return state.software
    .filter((part) => part.name !== "flink" && folders.has(softwareFolder(part)))
    .map(({ name }) => name)
    .filter((name) => !OF_SHIPPING.includes(name));
}
