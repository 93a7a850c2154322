// The texts that files say, as they stand there: what `say` and its like are given.
import { readFileSync } from "node:fs";
import { parseSync } from "@swc/core";

const SAYING = new Set(["say", "many", "weave", "later"]);

/** Every text that a file gives to what says it; of `many` both, of a conditional all that it may be. */
export function saidIn(file) {
  const tree = parseSync(readFileSync(file, "utf8"), {
    syntax: "typescript",
    tsx: file.endsWith("x"),
    target: "es2024",
  });
  const found = new Set();
  const walk = (node, isSaid) => {
    if (Array.isArray(node)) {
      for (const one of node) walk(one, isSaid);
      return;
    }
    if (typeof node !== "object" || node === null) return;
    if (node.type === "CallExpression" && SAYING.has(node.callee.value)) {
      for (const { expression } of node.arguments) walk(expression, expression.type !== "ObjectExpression");
      return;
    }
    if (node.type === "StringLiteral") {
      if (isSaid) found.add(node.value);
      return;
    }
    if (node.type === "ConditionalExpression") {
      walk(node.test, false);
      walk([node.consequent, node.alternate], isSaid);
      return;
    }
    const goesOn = isSaid && /^(?:Parenthesis|Ts|BinaryExpression)/.test(node.type);
    for (const [key, value] of Object.entries(node)) if (key !== "span") walk(value, goesOn);
  };
  walk(tree.body, false);
  return [...found];
}
