import { FlinkLogQuery, LogQuery, SavedSearch } from "../../../lib";

const level = LogQuery.where("level", "ERROR");
const node = LogQuery.where("node", "orders-node-1");
const job = LogQuery.exists("job_id");

test("values are phrases, in which nothing is syntax", () => {
  expect(LogQuery.where("message", 'a "b" \\ (c) OR *').toString()).toBe('message:"a \\"b\\" \\\\ (c) OR *"');
  expect(LogQuery.where("level", "ERROR", "FATAL").toString()).toBe('level:("ERROR" OR "FATAL")');
});

test.each<[string, LogQuery, string]>([
  ["both", level.and(node), 'level:"ERROR" AND node:"orders-node-1"'],
  ["one of two", level.or(node), 'level:"ERROR" OR node:"orders-node-1"'],
  ["one and not the other", level.except(job), 'level:"ERROR" AND NOT _exists_:job_id'],
  ["one of two, and a third", level.or(node).and(job), '(level:"ERROR" OR node:"orders-node-1") AND _exists_:job_id'],
  ["two, or a third", level.and(node).or(job), '(level:"ERROR" AND node:"orders-node-1") OR _exists_:job_id'],
  ["neither of two", LogQuery.all().except(level.and(job)), '*:* AND NOT (level:"ERROR" AND _exists_:job_id)'],
  ["text of a user, which may be anything", LogQuery.lucene("a b").and(job), "(a b) AND _exists_:job_id"],
  ["every line and those of a job", LogQuery.all().and(job), "_exists_:job_id"],
  ["those of a job and every line", job.and(LogQuery.all()), "_exists_:job_id"],
  ["those of a job or every line", job.or(LogQuery.all()), ""],
])("%s", (_, query, text) => {
  expect(query.toString()).toBe(text);
});

test("Dashboards and OpenSearch are given the same text", () => {
  const search = new SavedSearch({ title: "x", query: level.and(job) });
  const text = 'level:"ERROR" AND _exists_:job_id';
  expect(search.searchRequest()).toMatchObject({
    query: { bool: { must: [{ query_string: { query: text, analyze_wildcard: true } }] } },
  });
  const { attributes } = search._savedObject() as {
    attributes: { kibanaSavedObjectMeta: { searchSourceJSON: string } };
  };
  expect(JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON)).toMatchObject({
    query: { query: text, language: "lucene" },
  });
});

test("no query of ours is that of another", () => {
  const texts = Object.values(FlinkLogQuery).map(String);
  expect(texts.length).toBeGreaterThan(8);
  expect(new Set(texts).size).toBe(texts.length);
});
