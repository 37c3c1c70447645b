// What PostgreSQL did for a page, by `auto_explain` in the server's own log: which tables it read from end to end, and how many rows
// it touched.
import { ask } from "../peers/database.mjs";

/** A table of more rows than that is one that grows, with members, events or time. */
const GROWS = 10_000;

/** Has every connection that is made from now on tell its plans, or not any more. Analysing costs, so `pages` alone ask for it. */
export async function explain(client, database, on, analyze = true) {
  const settings = { session_preload_libraries: "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_format": "json",
    "auto_explain.log_analyze": analyze ? "on" : "off", "auto_explain.log_timing": "off", "auto_explain.log_parameter_max_length": "0" };
  for (const [name, value] of Object.entries(settings)) {
    if (name === "auto_explain.log_parameter_max_length" && Number(await ask(client, "SHOW server_version_num")) < 160000) continue;
    await client.query(`ALTER DATABASE ${database} ${on ? `SET ${name} = '${value}'` : `RESET ${name}`}`);
  }
}

// Beside the cluster lies its log; the account is a superuser, who may read it wherever it is.
const logOf = async (client) => `${(await ask(client, "SHOW data_directory")).replace(/\/[^/]*$/, "")}/postgres.log`;
export const endOfLog = async (client) => Number(await ask(client, "SELECT size FROM pg_stat_file($1)", [await logOf(client)]));

/** The statements that were told of since: how long each took, its text and its plan. */
export async function toldSince(client, from) {
  const log = await logOf(client);
  const text = await ask(client, "SELECT pg_read_file($1, $2, $3)", [log, from, (await endOfLog(client)) - from]);
  // Lines that go on begin with a tab.
  return text.split(/\n(?!\t)/).flatMap((entry) => {
    const told = /duration: ([0-9.]+) ms {2}plan:\n([\s\S]*)$/.exec(entry);
    if (!told) return [];
    const plan = JSON.parse(told[2].replaceAll("\n\t", "\n").trim());
    return [{ ms: Number(told[1]), text: plan["Query Text"], plan: plan.Plan }];
  });
}

/** Every node of a plan. */
const nodes = (plan) => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** What was done for what `once` does. */
export async function plansOf(client, once) {
  const { rows } = await client.query("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > $1 AND relnamespace <> 'bench'::regnamespace", [GROWS]);
  const grow = new Set(rows.map(({ relname }) => relname));
  const from = await endOfLog(client);
  await once();
  const statements = await toldSince(client, from);
  const whole = new Set();
  let touched = 0;
  for (const { plan } of statements) {
    for (const node of nodes(plan)) {
      if (!node["Relation Name"] && !node["Index Name"]) continue;
      const loops = node["Actual Loops"] ?? 0;
      const removed = (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0);
      touched += ((node["Actual Rows"] ?? 0) + removed) * loops;
      if (node["Node Type"] === "Seq Scan" && loops > 0 && grow.has(node["Relation Name"])) whole.add(node["Relation Name"]);
    }
  }
  return { statements: statements.length, rows: touched, whole: [...whole] };
}
