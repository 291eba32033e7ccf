import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import jsdoc from "eslint-plugin-jsdoc";
import globals from "globals";
import tseslint from "typescript-eslint";

const require = createRequire(import.meta.url);
const publicApi = require("./eslint-rules/public-api.cjs");
const { CLOUD_EXCEPTIONS, OUTSIDE_LIB, PURE_ROOMS, ROOMS } = require("./eslint-rules/rooms.cjs");

/** A provider's root loads every resource of it: seconds and hundreds of megabytes for each program. */
const PROVIDER_ROOTS = {
  regex: "^@cdktf/provider-[^/]+$",
  message: "Import the resource's own module, such as @cdktf/provider-aws/lib/instance.",
};

const CLOUD = {
  regex: "^(cdktf|constructs|@cdktf/.*)(/.*)?$",
  message: "This room is pure: it knows nothing of Terraform or of a cloud.",
};

/** What a room of lib may not import. */
function restrictionsOf(room) {
  // A folder of its own may have the name of another room (lib/node/metrics): test/architecture.test.ts knows which is meant.
  const isOwn = (name) => existsSync(new URL(`lib/${room}/${name}`, import.meta.url));
  const open = [room, "core", "vendor", ...ROOMS[room]];
  const closed = Object.keys(ROOMS).filter((other) => !open.includes(other) && !isOwn(other));
  const closedRooms = {
    regex: `^(\\.\\./)+(${closed.join("|")})(/|$)`,
    message: `lib/${room} may not import this room: arrows go one way (eslint-rules/rooms.cjs).`,
  };
  const outside = {
    regex: `^(\\.\\./)+(${OUTSIDE_LIB.join("|")})/`,
    message: "lib is imported by these folders and never imports them.",
  };
  const restrictions = [PROVIDER_ROOTS, outside];
  if (closed.length > 0) restrictions.push(closedRooms);
  return PURE_ROOMS.includes(room) ? [...restrictions, CLOUD] : restrictions;
}

function restrictImports(files, patterns, ignores = []) {
  return { files, ignores, rules: { "no-restricted-imports": ["error", { patterns }] } };
}

export default tseslint.config(
  { ignores: ["build/", "node_modules/", "**/cdktf.out/", "coverage/", "**/.terraform/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "@typescript-eslint/consistent-type-imports": "off",
      "@typescript-eslint/explicit-module-boundary-types": "off",
      "@typescript-eslint/no-floating-promises": "error",
      // A name of its own for what one construct takes, though another takes the same today: jsii knows no type aliases.
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // A method may be async to keep an interface's promise.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        {
          allowNumber: true,
          allowBoolean: true,
          // These say in words what they are.
          allow: [{ from: "file", name: ["Duration", "FlinkVersion", "Size"] }],
        },
      ],
      // Text that must not hold control characters is checked by such expressions.
      "no-control-regex": "off",
    },
  },
  restrictImports(["**/*.{ts,mjs}"], [PROVIDER_ROOTS]),
  ...Object.keys(ROOMS).map((room) =>
    restrictImports(
      [`lib/${room}/**/*.ts`],
      restrictionsOf(room),
      CLOUD_EXCEPTIONS.map((folder) => `lib/${folder}/**`),
    ),
  ),
  {
    files: ["lib/**/*.ts"],
    plugins: { jsdoc },
    settings: { jsdoc: { mode: "typescript" } },
    rules: {
      "jsdoc/check-param-names": ["error", { disableMissingParamChecks: true }],
      "jsdoc/check-tag-names": ["error", { definedTags: ["attribute", "internal", "stability"] }],
      "jsdoc/no-types": "error",
      "jsdoc/check-alignment": "error",
      "no-console": "error",
    },
  },
  {
    // A program that talks to a person or to a journal.
    files: ["lib/node/agent/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["lib/index.ts"],
    plugins: { local: { rules: { "public-api": publicApi } } },
    rules: { "local/public-api": "error" },
  },
  {
    // These read what others wrote (plans, reports, configurations) as it comes.
    files: ["test/**/*.ts", "scripts/**/*.ts", "stacks/**/*.ts", "examples/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|failing)$/]",
          message: "Every test runs: say why one cannot, or remove it.",
        },
        {
          selector: "CallExpression[callee.name=/^([fx](it|describe)|xtest)$/]",
          message: "Every test runs: say why one cannot, or remove it.",
        },
      ],
    },
  },
  prettier,
);
