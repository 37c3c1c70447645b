// Reads criterion's medians and writes them, with what they are compared to, as the other figures are written.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [target, minilm] = process.argv.slice(2);
const median = (name) =>
  JSON.parse(readFileSync(join(target, "criterion", "sentence", name, "new", "estimates.json"), "utf8")).median.point_estimate / 1000;
mkdirSync("target/bench", { recursive: true });

function figure(name, value, reference, aim) {
  const ratio = reference ? value / reference : null;
  writeFileSync(join("target/bench", `${name}.json`), JSON.stringify({ name, value, unit: "µs", reference: reference ?? null, ratio, aim }));
  const column = (number) => (number === null || number === undefined ? "" : number.toFixed(3)).padStart(12);
  console.log(`${name.padEnd(34)} ${column(value)} ${"µs".padEnd(10)} ${column(reference)} ${(ratio ? ratio.toFixed(3) : "").padStart(8)}  ${aim}`);
}

console.log(`\n${"figure".padEnd(34)} ${"value".padStart(12)} ${"unit".padEnd(10)} ${"reference".padStart(12)} ${"ratio".padStart(8)}  aim`);
const sentence = median("model");
figure("sentence_us", sentence, null, "≤ 20");
figure("sentence_vs_vader", sentence, median("vader_sentiment"), "");
if (minilm) figure("sentence_vs_minilm", sentence, Number(minilm), "");
figure("turn_of_one_sentence_us", median("as_a_turn"), null, "");
figure("crisis_us", median("crisis"), null, "");
