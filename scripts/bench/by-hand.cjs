/**
 * Makes the same resources as the library did, each by its own class of `@cdktf/provider-aws` and with the same values, as
 * a person would have written them: references are attributes of other resources. Prints how long it took.
 *
 *   node by-hand.cjs PACKAGE SYNTHESIZED FOLDER
 *
 * SYNTHESIZED is the folder into which the library's program was synthesized.
 */
const { readFileSync, readdirSync } = require("node:fs");
const { createRequire } = require("node:module");
const path = require("node:path");
const { startStopwatch } = require("./stopwatch.cjs");

const [, , folder, synthesized, outdir] = process.argv;
const required = createRequire(path.join(folder, "package.json"));
const { App, DataResource, TerraformLocal, TerraformOutput, TerraformStack, Token } = required("cdktf");

const REMOTE_STATE = "terraform_remote_state";
const CROSS_STACK = /^cross-stack-/;
/** A reference that is all there is between `${` and `}`. */
const REFERENCE = /(?<!\$)\$\{(data\.)?((?:aws|terraform)_\w+)\.([\w-]+)\.(\w+|outputs\.[\w-]+)\}/g;

const stacksFolder = path.join(synthesized, "stacks");
const jsonOf = (name) => JSON.parse(readFileSync(path.join(stacksFolder, name, "cdk.tf.json"), "utf8"));
// What others refer to comes first, as in every program.
const configurations = readdirSync(stacksFolder)
  .map((name) => ({ name, json: jsonOf(name) }))
  .sort((one, other) => Number(hasRemoteState(one.json)) - Number(hasRemoteState(other.json)));

function hasRemoteState(json) {
  return json.data?.[REMOTE_STATE] !== undefined;
}

function moduleOf(type, isData) {
  const file = type.replace(/^aws_/, "").replace(/_/g, "-");
  return required(`@cdktf/provider-aws/lib/${isData ? "data-aws-" : ""}${file}`);
}

function classOf(type, isData) {
  if (type === "terraform_data") return DataResource;
  const tfResourceType = type;
  return Object.values(moduleOf(type, isData)).find((each) => each?.tfResourceType === tfResourceType);
}

const camelCase = (name) => name.replace(/_+([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** Values as a program has them: texts with references are pieces, which are joined when it runs. */
function prepared(value, isMap) {
  if (typeof value === "string") return preparedText(value);
  if (Array.isArray(value)) return value.map((each) => prepared(each, isMap));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//" && name !== "depends_on" && name !== "provisioner")
      .map(([name, each]) => [isMap ? name : camelCase(name), prepared(each, isMap || MAPS.includes(name))]),
  );
}

/** Attributes whose keys are the user's own. */
const MAPS = ["tags", "triggers_replace", "triggers", "dimensions", "variables"];

class Text {
  constructor(pieces) {
    this.pieces = pieces;
  }
}

function preparedText(text) {
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(REFERENCE)) {
    const [whole, data, type, name, attribute] = found;
    pieces.push(text.slice(from, found.index), { isData: data !== undefined, type, name, attribute });
    from = found.index + whole.length;
  }
  return pieces.length === 0 ? text : new Text([...pieces, text.slice(from)]);
}

const plans = configurations.map(({ name, json }) => {
  const parts = [];
  for (const [part, isData] of [
    ["data", true],
    ["resource", false],
  ]) {
    for (const [type, instances] of Object.entries(json[part] ?? {})) {
      if (type === REMOTE_STATE) continue;
      const of = classOf(type, isData);
      for (const [id, values] of Object.entries(instances)) {
        const provisioners = (values.provisioner ?? []).flatMap((each) =>
          Object.entries(each).map(([kind, given]) => ({ type: kind, ...prepared(given) })),
        );
        const given = { ...prepared(values), ...(provisioners.length > 0 ? { provisioners } : {}) };
        parts.push({ key: keyOf(isData, type, id), of, id, given, dependsOn: values.depends_on ?? [] });
      }
    }
  }
  const outputs = Object.entries(json.output ?? {}).filter(([id]) => !CROSS_STACK.test(id));
  return {
    name,
    json,
    parts: new Map(parts.map((each) => [each.key, each])),
    locals: Object.entries(json.locals ?? {}),
    outputs: outputs.map(([id, { value, ...rest }]) => [id, { value: prepared(value, true), ...prepared(rest) }]),
    providers: Object.entries(json.provider ?? {}).map(([type, [given]]) => [type, prepared(given)]),
  };
});

function keyOf(isData, type, id) {
  return `${isData ? "data." : ""}${type}.${id}`;
}

const { AwsProvider } = required("@cdktf/provider-aws/lib/provider");
const stopwatch = startStopwatch();
const app = new App({ outdir });
const made = new Map();
const stacks = plans.map((plan) => {
  const stack = new TerraformStack(app, plan.name);
  for (const [type, given] of plan.providers) new AwsProvider(stack, type, given);
  return { plan, stack };
});

function make({ plan, stack }, key) {
  const place = `${plan.name}/${key}`;
  const known = made.get(place);
  if (known) return known;
  const { of, id, given, dependsOn } = plan.parts.get(key);
  const config = filled(given, { plan, stack });
  if (dependsOn.length > 0) config.dependsOn = dependsOn.map((each) => make({ plan, stack }, each));
  const one = new of(stack, id, config);
  made.set(place, one);
  return one;
}

function filled(value, where) {
  if (value instanceof Text)
    return value.pieces.map((each) => (typeof each === "string" ? each : read(each, where))).join("");
  if (Array.isArray(value)) return value.map((each) => filled(each, where));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, where)]));
}

/** An attribute of another resource; of another stack as well, which is all that a program says of it. */
function read({ isData, type, name, attribute }, where) {
  if (type === REMOTE_STATE) {
    const other = stacks.find(({ plan }) => `cross-stack-reference-input-${plan.name}` === name);
    const { value } = other.plan.json.output[attribute.replace("outputs.", "")];
    const [, data, ofType, ofName, ofAttribute] = new RegExp(REFERENCE.source).exec(value);
    return read({ isData: data !== undefined, type: ofType, name: ofName, attribute: ofAttribute }, other);
  }
  return Token.asString(make(where, keyOf(isData, type, name)).interpolationForAttribute(attribute));
}

for (const where of stacks) {
  for (const key of where.plan.parts.keys()) make(where, key);
  for (const [id, expression] of where.plan.locals) new TerraformLocal(where.stack, id, expression);
  for (const [id, given] of where.plan.outputs) new TerraformOutput(where.stack, id, filled(given, where));
}
stopwatch.synthesize(app);
