// What the page reads: whose the cookie is, and the week's rows, by the statements that our own week page makes.
import { createHash } from "node:crypto";

import pg from "pg";

const { Pool, types } = pg;
const [INT8, DATE, INT8_ARRAY] = [20, 1082, 1016];
// Sums of thousandths stay far below 2^53, and a local date is no instant.
types.setTypeParser(INT8, Number);
types.setTypeParser(DATE, (text) => text);
types.setTypeParser(INT8_ARRAY, (text) => text.slice(1, -1).split(",").map(Number));

// As many connections as our pages have, shared by all processes of the peer, in the role of our pages. One that is taken from
// the pool is not asked first whether it is inside somebody's transaction, as ours is: that is one round trip less.
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE ?? 8),
  idleTimeoutMillis: 0,
  options: "-c role=spectrum_web -c jit=off -c statement_timeout=2000",
});
// A connection that breaks while nobody uses it is replaced.
pool.on("error", () => {});

const CALLER = `SELECT staff_id, roles, member_id, zone, week_start, locale, plan, data_version, counted, webview, theme,
                       font_percent, unread
                FROM caller_of($1, $2)`;
const WEEKS = "SELECT * FROM week_rollup WHERE member_id = $1 AND period >= $2 AND period < $3 ORDER BY period";
const SESSIONS = `SELECT s.session_id, s.feature, s.started_at, s.local_date, s.local_minute, s.state, s.excluded, s.crisis,
                         s.why_not, s.vector_revision, v.emotions, v.mixture, v.valence, v.arousal, v.dominance,
                         v.valence_spread, v.arousal_spread, v.first_valence, v.first_arousal, v.peak_valence,
                         v.peak_arousal, v.end_valence, v.end_arousal, v.valence_pairs, v.arousal_pairs,
                         v.displacements, v.turns, v.words, v.not_measured, v.model, v.source = 'member' AS corrected
                  FROM session s
                  LEFT JOIN LATERAL (
                      SELECT * FROM session_vector
                      WHERE member_id = $1 AND session_id = s.session_id AND revision = s.vector_revision
                      LIMIT 1
                  ) v ON true
                  WHERE s.member_id = $1 AND s.local_date >= $2 AND s.local_date < $3
                  ORDER BY s.started_at, s.session_id`;

/** Whose the cookie is; nothing where it does not count. */
export async function callerOf(token) {
  const hash = createHash("sha256").update(token).digest();
  const { rows } = await pool.query({ name: "caller", text: CALLER, values: [hash, new Date()] });
  return rows[0];
}

/** The sums of the week and of the one before, and the week's sessions, in a transaction that sees this member's rows alone. */
export async function loadWeek(member, { before, start, end }) {
  const client = await pool.connect();
  try {
    // The id comes from the database, never from the request.
    await client.query(`BEGIN; SET LOCAL spectrum.member_id = '${member}'`);
    const weeks = await client.query({ name: "weeks", text: WEEKS, values: [member, before, end] });
    const sessions = await client.query({ name: "sessions", text: SESSIONS, values: [member, start, end] });
    await client.query("ROLLBACK");
    client.release();
    const of = (period) => weeks.rows.find((row) => row.period === period);
    return { rollup: of(start), rollupBefore: of(before), sessions: sessions.rows };
  } catch (error) {
    client.release(error);
    throw error;
  }
}
