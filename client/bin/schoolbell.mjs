#!/usr/bin/env node
import { fileURLToPath } from "node:url";

// `npm exec -w client` runs in this package's own folder; whoever typed it is in another, and their paths count from there.
const { INIT_CWD: typedIn } = process.env;
const own = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
if (typedIn !== undefined && process.cwd() === own) process.chdir(typedIn);

await import("../dist/cli.js");
