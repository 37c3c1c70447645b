// Names the browser's files by their content, writes them with their compressed siblings, and lists them in assets.json.
//
// assets.json maps a logical name to the address of the file: `css`, `js` and `wasm` for what was built, and for each file
// of public/ its name without the extension (`icon` for icon.svg). Files whose address others rely on keep their name.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const { values: options } = parseArgs({
  options: {
    bindgen: { type: "string" },
    css: { type: "string" },
    public: { type: "string" },
    out: { type: "string" },
    quick: { type: "boolean", default: false },
  },
});

// Browsers and platforms ask for these by name; the service worker's address is its identity.
const keepsItsName = /(^|\/)(sw\.js|favicon\.ico|robots\.txt|apple-touch-icon\.png|app-icon[^/]*\.png|[^/]+\.webmanifest|\.well-known\/.*)$/;
const compressible = new Set([".css", ".js", ".wasm", ".svg", ".json", ".webmanifest", ".txt", ".html", ".xml", ".ico"]);

const assets = {};
const report = [];

const brotli = (bytes, type) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: options.quick ? 4 : constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      [constants.BROTLI_PARAM_MODE]: type === ".wasm" ? constants.BROTLI_MODE_GENERIC : constants.BROTLI_MODE_TEXT,
    },
  });

function write(path, bytes) {
  const file = join(options.out, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  const type = extname(path);
  if (!compressible.has(type)) return bytes.length;
  const small = brotli(bytes, type);
  // A sibling that is not smaller would only cost the browser work.
  if (small.length < bytes.length) writeFileSync(`${file}.br`, small);
  const zipped = gzipSync(bytes, { level: options.quick ? 4 : 9 });
  if (zipped.length < bytes.length) writeFileSync(`${file}.gz`, zipped);
  return small.length;
}

function writeHashed(name, folder, stem, type, bytes) {
  if (name in assets) throw new Error(`two files would be called "${name}" in assets.json: rename ${stem}${type}`);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  const path = join(folder, `${stem}.${hash}${type}`);
  assets[name] = `/${path}`;
  return write(path, bytes);
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (statSync(path).isFile() && entry.name !== ".gitkeep") yield path;
  }
}

const built = [
  ["wasm", join(options.bindgen, "spectrum_bg.wasm"), "spectrum_bg", ".wasm"],
  ["js", join(options.bindgen, "spectrum.min.js"), "spectrum", ".js"],
  ["css", options.css, "spectrum", ".css"],
];
mkdirSync(options.out, { recursive: true });
for (const [name, file, stem, type] of built) {
  if (!existsSync(file)) continue;
  const bytes = readFileSync(file);
  const small = writeHashed(name, "pkg", stem, type, bytes);
  report.push(`${name} ${(bytes.length / 1024).toFixed(1)} KiB raw, ${(small / 1024).toFixed(1)} KiB brotli`);
}
if (existsSync(options.public)) {
  for (const file of filesBelow(options.public)) {
    const path = relative(options.public, file);
    const bytes = readFileSync(file);
    if (keepsItsName.test(path)) {
      write(path, bytes);
      continue;
    }
    const type = extname(path);
    const stem = path.slice(0, path.length - type.length);
    writeHashed(stem, dirname(stem) === "." ? "" : dirname(stem), stem.slice(dirname(stem) === "." ? 0 : dirname(stem).length + 1), type, bytes);
  }
}
writeFileSync(join(options.out, "assets.json"), `${JSON.stringify(assets, null, 2)}\n`);
console.log(`front: ${report.join(" · ")}`);
