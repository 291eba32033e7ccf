/** One project per kind of test, so that each can be run alone: `npx jest --selectProjects unit`. */
const common = {
  testEnvironment: "node",
  transform: { "^.+\\.tsx?$": ["@swc/jest", { jsc: { target: "es2022" } }] },
  modulePathIgnorePatterns: ["<rootDir>/build/"],
};
const inFolders = (...folders) => folders.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`);

module.exports = {
  projects: [
    {
      ...common,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/emulator/", "<rootDir>/test/lab/"],
    },
    { ...common, displayName: "emulator", testMatch: inFolders("emulator") },
    { ...common, displayName: "lab", testMatch: inFolders("lab") },
  ],
};
