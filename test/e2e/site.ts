import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A site of its own origin, every page of which is `html`. */
export async function site(html: (origin: string) => string) {
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(html(origin));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  // It listens on a port.
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { origin, stop: () => server.close() };
}
