import Ajv, { ErrorObject, ValidateFunction } from "ajv";
import path from "node:path";
import { createFormatter, createParser, DEFAULT_CONFIG, SchemaGenerator } from "ts-json-schema-generator";
import ts from "typescript";

const TYPES = path.join(__dirname, "grafana-types.ts");
/** A property that the types do not know is a fault. */
const STRICT = {
  ...DEFAULT_CONFIG,
  expose: "none",
  topRef: false,
  additionalProperties: false,
  skipTypeCheck: true,
} as const;

interface WrittenPanel {
  readonly type: string;
  readonly title: string;
  readonly options?: unknown;
  readonly fieldConfig?: { readonly defaults: { readonly custom?: unknown } };
}

/**
 * The schema that Grafana publishes: types of TypeScript, which are made of the same definitions as Grafana itself. Here they become
 * JSON Schema. What a data source adds to a query is no part of it.
 *
 * @see https://github.com/grafana/grafana/tree/main/packages/grafana-schema
 */
export class GrafanaSchema {
  private readonly checks: Readonly<Record<string, ValidateFunction>>;

  public constructor() {
    const program = ts.createProgram([TYPES], { strict: true, skipLibCheck: true, types: [] });
    const generator = new SchemaGenerator(program, createParser(program, STRICT), createFormatter(STRICT), STRICT);
    const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
    this.checks = Object.fromEntries(
      Object.entries(generator.createSchema("GrafanaTypes").properties ?? {}).map(([part, schema]) => [
        part,
        ajv.compile(schema as object),
      ]),
    );
  }

  /** What there is in a dashboard's file that Grafana's types do not allow, or lack. */
  public faultsOf(json: string): readonly string[] {
    const dashboard = JSON.parse(json) as { readonly panels?: readonly WrittenPanel[] };
    return [
      ...this.faultsIn("dashboard", dashboard, ""),
      ...(dashboard.panels ?? [])
        .filter(({ type }) => type !== "row")
        .flatMap(({ type, title, options, fieldConfig }) =>
          this.faultsIn(type, { options, custom: fieldConfig?.defaults.custom }, `panel "${title}"`),
        ),
    ];
  }

  private faultsIn(part: string, value: unknown, of: string): readonly string[] {
    if (!Object.hasOwn(this.checks, part)) return [`${of} is a ${part}, which is not checked`];
    const check = this.checks[part];
    return check(value) ? [] : (check.errors ?? []).map((error) => `${of}${told(error)}`);
  }
}

function told({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}
