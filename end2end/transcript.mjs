// Writes down what a screen reader is told of a page, line by line: Chromium's accessibility tree as text.

// What says by its name all that is in it.
const WHOLE = new Set([
  "heading", "link", "button", "DisclosureTriangle", "image", "cell", "gridcell", "rowheader", "columnheader", "option",
  "radio", "checkbox", "textbox", "combobox", "MenuListPopup", "StaticText",
]);
// What holds others together and is not spoken of itself.
const SILENT = new Set(["generic", "none", "InlineTextBox", "ListMarker", "rowgroup", "RootWebArea", "LabelText"]);
const STATES = ["expanded", "pressed", "checked", "invalid", "disabled", "current", "level"];

/** The tree of a page: its nodes by their ids, those by their elements, and where it begins. */
export async function treeOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const tree = { nodes: new Map(nodes.map((node) => [node.nodeId, node])), root: nodes[0] };
  tree.childrenOf = (node) => (node.childIds ?? []).map((id) => tree.nodes.get(id)).filter(Boolean);
  return tree;
}

const role = (node) => node.role?.value ?? "";
const name = (node) => (node.name?.value ?? "").replace(/\s+/g, " ").trim();
const description = (node) => (node.description?.value ?? "").replace(/\s+/g, " ").trim();

/** Every node below this one that is told of, those within others included. */
export function allBelow(tree, node) {
  return tree.childrenOf(node).flatMap((child) => [...(child.ignored ? [] : [child]), ...allBelow(tree, child)]);
}

/** The nodes of this role, in the order they are read. */
export function ofRole(tree, node, wanted) {
  return allBelow(tree, node).filter((found) => role(found) === wanted).map((found) => ({
    node: found,
    name: name(found),
    description: description(found),
  }));
}

function states(node) {
  const all = new Map((node.properties ?? []).map(({ name, value }) => [name, value.value]));
  return STATES.filter((state) => all.has(state) && all.get(state) !== false && all.get(state) !== "false")
    .map((state) => (all.get(state) === true ? state : `${state}=${all.get(state)}`))
    .concat(all.get("expanded") === false ? ["collapsed"] : [], all.get("pressed") === "false" ? ["not pressed"] : []);
}

function line(node) {
  const words = role(node) === "StaticText" ? [name(node)] : [role(node), name(node) && `“${name(node)}”`];
  if (description(node)) words.push(`— ${description(node)}`);
  const said = states(node);
  if (said.length > 0) words.push(`[${said.join(", ")}]`);
  return words.filter(Boolean).join(" ");
}

/** A row of a table in one line, as it is read across. */
function across(tree, node) {
  return `row: ${allBelow(tree, node).filter((cell) => /cell|header/.test(role(cell))).map(name).join(" | ")}`;
}

/** What is said of a node and all below it. */
export function transcript(tree, node = tree.root, depth = 0) {
  const pad = "  ".repeat(depth);
  if (node.ignored || SILENT.has(role(node))) return tree.childrenOf(node).flatMap((child) => transcript(tree, child, depth));
  if (role(node) === "row") return [pad + across(tree, node)];
  if (WHOLE.has(role(node))) return name(node) || role(node) !== "StaticText" ? [pad + line(node)] : [];
  const below = tree.childrenOf(node).flatMap((child) => transcript(tree, child, depth + 1));
  // A paragraph of one text is one line.
  if (role(node) === "paragraph") return [pad + below.map((text) => text.trim()).join(" ")];
  return [pad + line(node), ...below];
}
