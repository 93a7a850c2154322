import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { run, type Terminal } from "./commands.ts";

const ask: Terminal["ask"] = async (question, secret = false) => {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    // A key may come by a pipe; nobody is there to say yes.
    if (!secret) return null;
    for await (const line of createInterface({ input: stdin })) return line;
    return null;
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  stderr.write(question);
  const asking = createInterface({ input: stdin, output: secret ? silent : stderr, terminal: true });
  try {
    return await asking.question("");
  } finally {
    asking.close();
    if (secret) stderr.write("\n");
  }
};

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
  ask,
});
