import { startWorker } from "../../scripts/started.mjs";

/** Runs a Worker of its own for the browser tests; its address is handed on by the environment. */
export default async function start(): Promise<() => Promise<void>> {
  const worker = await startWorker();
  // Sessions are for https and localhost: 127.0.0.1 would do, but the origin that forms name is PUBLIC_URL's.
  process.env.E2E_URL = worker.url.replace("127.0.0.1", "localhost");
  process.env.E2E_TOKEN = worker.adminToken;
  return worker.stop;
}
