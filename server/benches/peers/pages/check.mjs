// Looks at every page once before it is measured: that it is there whole, and that the peer's week says what ours says.

/** A page as a member gets it, without anything of it being at hand. */
export async function read(url, cookie, encoding) {
  // Our own fetch would unpack; lengths on the wire are wrk's to tell.
  const headers = { cookie: `spectrum=${cookie}`, accept: "text/html", "accept-encoding": encoding };
  const answer = await fetch(url, { headers });
  return { status: answer.status, packed: answer.headers.get("content-encoding"), text: await answer.text() };
}

const count = (text, pattern) => (text.match(pattern) ?? []).length;

/** Says what a page holds; throws where it is not what a member would see. */
export function look(screen, { status, text }) {
  const holds = {
    figures: count(text, /<svg[^>]*class="chart"/g),
    cards: count(text, /<[a-z]+[^>]*data-kind=/g),
    sessions: count(text, /<li class="session"/g),
    forms: count(text, /<form/g),
  };
  const lacks = Object.entries(screen.least).filter(([name, least]) => holds[name] < least).map(([name]) => name);
  if (status !== 200 || !text.includes("</html>") || lacks.length > 0) {
    const what = `${status}, ${text.length} characters, lacks ${lacks.join(" and ")}`;
    throw new Error(`${screen.path} is not whole: ${what}: ${JSON.stringify(holds)}`);
  }
  return Object.entries(holds).filter(([, n]) => n > 0).map(([name, n]) => `${n} ${name}`).join(", ");
}

/** What of a page is to be read, line by line, and how large its figures and tables are. */
function shown(html) {
  const body = html.slice(html.indexOf("<body")).replace(/<script.*?<\/script>/gs, "").replace(/<!--.*?-->|<!>/gs, "");
  const pick = (pattern) => (body.match(pattern) ?? []).join("");
  const blocks = /<\/?(p|h[1-6]|t[hdr]|li|text|summary|caption|span|a|button|small|div|section)\b[^>]*>/g;
  const lines = body.replace(blocks, "\n").replace(/<[^>]*>/g, "").split("\n").map((line) => line.trim()).filter(Boolean);
  const bytes = (text) => Buffer.byteLength(text);
  return {
    lines,
    sizes: {
      page: bytes(html), "without scripts": bytes(body), text: bytes(lines.join("")),
      figures: bytes(pick(/<svg[^>]*class="chart"[^>]*>.*?<\/svg>/gs)), tables: bytes(pick(/<table>.*?<\/table>/gs)),
    },
  };
}

/** Holds the peer's week against ours: the same text to the letter, and sizes within a twentieth. */
export function compare(ours, theirs) {
  const [own, other] = [shown(ours), shown(theirs)];
  const differ = own.lines.findIndex((line, at) => line !== other.lines[at]);
  if (differ >= 0 || own.lines.length !== other.lines.length) {
    throw new Error(`the peer's week says something else: ${JSON.stringify([own.lines.at(differ), other.lines.at(differ)])}`);
  }
  for (const name of ["without scripts", "figures", "tables"]) {
    const ratio = other.sizes[name] / own.sizes[name];
    if (ratio < 0.95 || ratio > 1.05) throw new Error(`${name}: ours ${own.sizes[name]} bytes, the peer's ${other.sizes[name]}`);
  }
  return Object.keys(own.sizes).map((name) => `${name} ${own.sizes[name]} and ${other.sizes[name]}`).join(", ");
}
