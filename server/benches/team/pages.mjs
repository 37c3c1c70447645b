// The team's pages that are measured: one line each. Those that another version may not have yet say so by `coming`.
import { Agent, request } from "node:http";

import { ask } from "../peers/database.mjs";

const agent = new Agent({ keepAlive: true });

/** A page as a browser gets it, read to its end. */
export function reading(site, path, cookie) {
  return new Promise((resolve, reject) => {
    const asked = request(site + path, { agent, headers: { cookie, accept: "text/html" } }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const body = Buffer.concat(parts);
        resolve({ status: answer.statusCode, bytes: body.length, text: body.toString() });
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** The list. Names of figures come from here, so they stay. */
export async function pagesOf(client) {
  const [dead, waiting, running] = [
    await ask(client, "SELECT id FROM job_dead ORDER BY died_at OFFSET 100 LIMIT 1"),
    await ask(client, "SELECT id FROM job WHERE queue = 'analysis' AND state = 0 ORDER BY run_at OFFSET 100 LIMIT 1"),
    await ask(client, "SELECT id FROM job WHERE queue = 'analysis' AND state = 1 ORDER BY id LIMIT 1"),
  ];
  // The second page from a place in the middle.
  const after = await ask(client, `SELECT (extract(epoch FROM died_at) * 1000000)::bigint || '.' || id FROM job_dead
    ORDER BY died_at OFFSET (SELECT count(*) / 2 FROM job_dead) LIMIT 1`);
  const cohort = await ask(client, "SELECT value FROM use_sum WHERE segment = 'cohort' AND event = 0 ORDER BY people DESC LIMIT 1");
  const before = await ask(client, "SELECT to_char(current_date - interval '1 month', 'YYYY-MM')");
  const page = (name, path) => ({ name, path });
  const coming = (name, path) => ({ name, path, coming: true });
  return [
    page("pipeline", "/staff"),
    page("jobs", "/staff/jobs"),
    page("jobs_dead", "/staff/jobs?state=dead"),
    page("jobs_dead_newest", "/staff/jobs?state=dead&queue=analysis&order=newest"),
    page("jobs_dead_middle", `/staff/jobs?state=dead&after=${after}`),
    page("jobs_kind", "/staff/jobs?kind=export_member"),
    page("jobs_kind_rare", "/staff/jobs?state=dead&kind=rebuild_weeks"),
    page("jobs_waiting", "/staff/jobs?state=waiting&queue=analysis"),
    page("jobs_running", "/staff/jobs?state=running"),
    page("jobs_sure", "/staff/jobs/sure?deed=retry&all=yes"),
    page("job_dead", `/staff/jobs/${dead}`),
    page("job_waiting", `/staff/jobs/${waiting}`),
    page("job_running", `/staff/jobs/${running}`),
    page("schedule", "/staff/schedule"),
    page("schedule_task", "/staff/schedule?task=aggregate_weeks"),
    page("workers", "/staff/workers"),
    page("push", "/staff/push"),
    page("database", "/staff/database"),
    page("erasures", "/staff/erasures"),
    page("engagement_day", "/staff/engagement?grain=day"),
    page("engagement_week", "/staff/engagement?grain=week"),
    page("engagement_month", "/staff/engagement?grain=month"),
    page("engagement_surface", "/staff/engagement?grain=week&segment=surface&value=webview"),
    page("engagement_cohort", `/staff/engagement?grain=month&segment=cohort&value=${cohort}`),
    page("engagement_events_csv", "/staff/engagement/events.csv?grain=month"),
    page("engagement_words_csv", "/staff/engagement/words.csv?grain=month"),
    page("engagement_cohorts_csv", "/staff/engagement/cohorts.csv?grain=month"),
    page("upgrades", "/staff/upgrades"),
    page("upgrades_weeks_csv", "/staff/upgrades/weeks.csv"),
    page("cost", "/staff/cost"),
    page("cost_before", `/staff/cost?month=${before}`),
    page("reviews", "/staff/review"),
    coming("retention", "/staff/retention"),
    coming("experiments", "/staff/experiments"),
    coming("quality", "/staff/quality"),
  ];
}
