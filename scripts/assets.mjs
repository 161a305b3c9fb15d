// Copies what the console serves from node_modules to baham/platform/shell/static/vendor. No dependencies of its own.
// Bootstrap is reduced on the way: parts that the console never uses (COMPONENTS) are left out, so that a first page
// stays small on a poor line. What is kept is listed in docs/design.md.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const vendor = join(root, "baham", "platform", "shell", "static", "vendor");

const COPIES = {
  "htmx.org/dist/htmx.min.js": "htmx.min.js",
  "@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-arabic-400-normal.woff2": "naskh-400.woff2",
  "@fontsource/noto-naskh-arabic/files/noto-naskh-arabic-arabic-700-normal.woff2": "naskh-700.woff2",
  "@fontsource/noto-nastaliq-urdu/files/noto-nastaliq-urdu-arabic-400-normal.woff2": "nastaliq-400.woff2",
  "@fontsource/noto-naskh-arabic/LICENSE": "OFL-naskh.txt",
  "@fontsource/noto-nastaliq-urdu/LICENSE": "OFL-nastaliq.txt",
  "bootstrap/LICENSE": "MIT-bootstrap.txt",
  "htmx.org/LICENSE": "0BSD-htmx.txt",
};
const COMPONENTS = new RegExp(
  "\\.(accordion|alert|badge|breadcrumb|btn-(close|group|toolbar|check|success|danger|warning|info|light|dark|secondary" +
    "|outline-(?!secondary)|lg)|card|carousel|collaps|dropdown|dropup|dropend|dropstart|fade|form-floating|form-range" +
    "|img-|list-group|modal|nav\\b|nav-|navbar|offcanvas|pagination|page-|placeholder|popover|progress|spinner|tab-|table-" +
    "(primary|secondary|success|info|warning|danger|light|dark|striped|active|bordered|borderless|group)|text-bg|toast|tooltip" +
    "|bs-(popover|tooltip)|btn-toolbar|input-group|link-|icon-link|focus-ring|ratio|vr\\b|blockquote|display-|row-cols" +
    "|(bg|text|border|link|shadow)-(opacity|success|info|danger|warning|light|dark|black|white|primary|secondary)" +
    "|object-fit|user-select|overflow-[xy]|z-|rounded-|border-[0-9])",
);

// The style sheet as a list of "prelude { body }" and plain statements, at one level.
function blocks(css) {
  const found = [];
  let start = 0;
  let depth = 0;
  let open = 0;
  let quote = "";
  for (let i = 0; i < css.length; i += 1) {
    const char = css[i];
    if (quote) {
      if (char === "\\") i += 1;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "{") {
      if (depth === 0) open = i;
      depth += 1;
    } else if (char === "}") {
      depth -= 1;
      if (depth === 0) {
        found.push({ prelude: css.slice(start, open), body: css.slice(open + 1, i) });
        start = i + 1;
      }
    } else if (char === ";" && depth === 0) {
      found.push({ prelude: css.slice(start, i), body: null });
      start = i + 1;
    }
  }
  return found;
}

// Commas inside :is(), :not() and the like do not part selectors.
function selectors(prelude) {
  return prelude.match(/(?:[^,(]|\([^()]*(?:\([^()]*\)[^()]*)*\))+/g) ?? [prelude];
}

function reduced(css) {
  return blocks(css)
    .map(({ prelude, body }) => {
      if (body === null) return `${prelude};`;
      if (/^@(media|supports)/.test(prelude)) {
        const inner = reduced(body);
        return inner ? `${prelude}{${inner}}` : "";
      }
      if (/^@keyframes (progress|spinner|placeholder)/.test(prelude)) return "";
      const kept = selectors(prelude).filter((selector) => !COMPONENTS.test(selector));
      return kept.length ? `${kept.join(",")}{${body}}` : "";
    })
    .join("");
}

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
for (const [from, to] of Object.entries(COPIES)) copyFileSync(join(modules, from), join(vendor, to));
for (const name of ["bootstrap", "bootstrap.rtl"]) {
  const css = readFileSync(join(modules, "bootstrap/dist/css", `${name}.min.css`), "utf8");
  const bare = css.replace(/\/\*(?!!)[\s\S]*?\*\//g, "").replace(/\/\*![\s\S]*?\*\//, "/*! Bootstrap, MIT, reduced: see scripts/assets.mjs */");
  writeFileSync(join(vendor, `${name}.min.css`), reduced(bare));
}
