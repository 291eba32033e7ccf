import { askedFor } from "./published-api";

const ask = (method: string, path: string, body?: unknown) => {
  const { pathname, searchParams } = new URL(path, "https://grafana.invalid");
  return askedFor({ method, path: pathname, query: searchParams, body });
};

test("requests that Grafana publishes are known", () => {
  expect(ask("GET", "/folders/flink")).toMatchObject({ parameters: ["flink"], operation: { method: "GET" } });
  expect(ask("POST", "/dashboards/db", { dashboard: {}, folderUid: "flink", overwrite: false })).toMatchObject({
    operation: { statuses: expect.arrayContaining([200, 412]) as number[] },
  });
});

test.each([
  ["PATCH", "/folders/flink", undefined, "there is no PATCH /folders/flink"],
  ["GET", "/folders/two/parts", undefined, "there is no GET /folders/two/parts"],
  ["GET", "/folders/flink?deep=1", undefined, "GET /folders/{folder_uid} knows no parameter deep"],
  ["GET", "/folders/flink", {}, "GET /folders/{folder_uid} takes no body"],
  ["POST", "/folders", undefined, "POST /folders takes an object"],
  ["POST", "/folders", { uid: "flink", name: "Flink" }, "POST /folders knows no member name"],
  [
    "POST",
    "/dashboards/db",
    { overwrite: "no" },
    "overwrite of POST /dashboards/db is of the type boolean, not string",
  ],
])("%s %s with %j is not among them", (method, path, body, sentence) => {
  expect(ask(method, path, body)).toBe(sentence);
});
