/** One project per kind of test, so that each can be run alone: `npx jest --selectProjects unit`. */
const common = {
  testEnvironment: "node",
  transform: { "^.+\\.tsx?$": ["@swc/jest", { jsc: { target: "es2022" } }] },
  // Examples are written as users write them.
  moduleNameMapper: { "^cdktf-flink$": "<rootDir>/lib/index.ts" },
  modulePathIgnorePatterns: ["<rootDir>/build/"],
  setupFiles: ["<rootDir>/test/support/jest/quick-synth.ts"],
};
/** Folders that tests leave go with the run. The lab has a folder of its own for each run. */
const temporaryFolder = {
  globalSetup: "<rootDir>/test/support/jest/setup.ts",
  globalTeardown: "<rootDir>/test/support/jest/teardown.ts",
};
/** Folders of the kinds of tests that have one of their own; all other tests are unit tests. */
const folders = {
  package: "test/package",
  scan: "test/scan",
  emulator: "test/emulator",
  // Telegraf and the stores of metrics: they wait for the next moment at which they look, nearly all of the time.
  metrics: "test/scenarios/metrics",
  // One Flink of this machine's own.
  local: "test/scenarios/local",
  lab: "test/lab",
};
const kinds = Object.entries(folders);

/** What `make prove` alone runs: it takes longer than a run of all tests may. */
const LONG_FORMS =
  process.env.PROVE === "1"
    ? []
    : ["emulator", "lab", "package", "properties"].map((folder) => `<rootDir>/test/${folder}/long/`);

module.exports = {
  // A busy machine is no failure: Jest's five seconds end tests that are only slow.
  testTimeout: 60_000,
  testSequencer: "<rootDir>/test/support/jest/longest-first.js",
  projects: [
    {
      ...common,
      ...temporaryFolder,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...LONG_FORMS, ...kinds.map(([, folder]) => `<rootDir>/${folder}/`)],
    },
    ...kinds.map(([kind, folder]) => ({
      ...common,
      ...(kind === "lab" ? {} : temporaryFolder),
      displayName: kind,
      testMatch: [`<rootDir>/${folder}/**/*.test.ts`],
      testPathIgnorePatterns: ["/node_modules/", ...LONG_FORMS],
    })),
  ],
};
