// P19: every route × every kind of credential of school A × what is school B's, of the UI's own interface at A's address
// and at B's. Nothing of B may be seen or changed, and who may not call is told so. The routes come from the Worker's own table: a new one is tested, or fails for a sample.

import { signIn } from "./admin.mjs";
import { nameOf, paramsOf, readRoutes } from "./routes.mjs";
import { leftovers, QUERY, sampleOf } from "./samples.mjs";
import { changedParts, claimsOf, digestOf, fill, newMark, newSchool, SHARED, userToken } from "./school.mjs";

/** Ids that a school chooses itself: with A's credential, B's is A's to make. */
const MAKES = new Set([
  "PUT /v1/users/:id",
  "PUT /v1/products/:type/:id",
  "POST /v1/courses/:id/enrolment-methods",
  // Of a course that nobody spoke of it lists none.
  "GET /v1/courses/:id/enrolment-methods",
]);

/** What a body of theirs holds may ask for more than the route does: keys with scopes, settings of several. */
const ASKS_MORE = new Set(["PATCH /v1/school", "POST /v1/api-keys", "DELETE /v1/api-keys/:id"]);

/** @returns `figures` {routes, combinations, leaks, fives}, and `faults`: a line for each thing that is not as it must be */
export async function isolation({ client }) {
  const faults = [];
  const figures = { routes: 0, combinations: 0, leaks: 0, fives: 0 };
  const [a, b] = [await newSchool(client), await newSchool(client)];
  const [ours, theirs] = [await fill(a, newMark("a")), await fill(b, newMark("b"))];
  const credentials = await credentialsOf(client, a, ours, b, theirs);
  const routes = await readRoutes();
  figures.routes = routes.length;
  for (const name of leftovers(new Set(routes.map(nameOf))))
    faults.push(`samples.mjs has a body of ${name}, which is no route`);

  const users = [SHARED.user, SHARED.other, theirs.own.user];
  let before = await digestOf(b, users);
  let unique = 0;

  const attempt = async (route, name, credential, which) => {
    // What the platform may do to any school is no leak.
    if (credential.kind === "platform" && route.scopes.includes("platform")) return;
    const chosen = which !== "shared" ? { ...theirs.own, guest: `${theirs.own.user}-guest` } : SHARED;
    // Who has the hook key may tell things: what is tried is a key that only begins like theirs.
    const guessed = { hook_key: `${b.id}.${"0".repeat(32)}` };
    const school = which === "there" ? b.id : a.id;
    const of = { school, ...theirs.ids, ...guessed, ...chosen, template: "welcome", unique: `i${++unique}` };
    const { path, body, type, headers, missing } = sampleOf(route, name, of);
    if (missing.length) {
      if (credential === credentials[0]) faults.push(...missing.map((one) => `no sample ${one}`));
      return;
    }
    const query = queryOf(route, of);
    const answer = await client.send({
      method: route.method,
      path: path + query,
      headers: { ...headers, ...(type ? { "content-type": type } : {}), ...credential.headers() },
      body: typeof body === "object" ? JSON.stringify(body) : body,
    });
    figures.combinations++;
    if (answer.status >= 500) figures.fives++;
    const what = `${route.method} ${path}${query} as ${credential.kind}`;
    // What only says what it would do asks for no more than reading.
    const asked =
      query.includes("dry_run=true") && route.method !== "GET"
        ? { ...route, scopes: [...route.scopes, "read"] }
        : route;
    const fault = judge(asked, name, credential, which, answer);
    if (fault) faults.push(`${what}: ${fault}`);
    const at = (answer.text + JSON.stringify(answer.headers)).toLowerCase().indexOf(theirs.mark);
    if (at !== -1) {
      figures.leaks++;
      faults.push(`${what}: tells of the other school: ${answer.text.slice(Math.max(0, at - 60), at + 60)}`);
    }
    await credential.renew?.(name);
  };

  const compare = async (what) => {
    const after = await digestOf(b, users);
    if (after.hash !== before.hash) {
      figures.leaks++;
      faults.push(`${what} changed the other school: ${changedParts(before, after).join(", ")}`);
    }
    before = after;
  };

  const ways = (route) => [
    "own",
    ...(paramsOf(route).length || !["none", "unread"].includes(route.bodyKind) || route.query ? ["shared"] : []),
    ...(route.admin ? ["there"] : []),
  ];
  for (const route of routes.filter(({ method }) => method === "GET")) {
    await Promise.all(
      ways(route).flatMap((which) => credentials.map((one) => attempt(route, nameOf(route), one, which))),
    );
  }
  await compare("Reading");
  for (const route of routes.filter(({ method }) => method !== "GET")) {
    for (const which of ways(route)) for (const one of credentials) await attempt(route, nameOf(route), one, which);
    await compare(`${nameOf(route)}${route.admin ? " (admin)" : ""}`);
  }
  return { figures, faults };
}

/** Names what is theirs wherever the query has a name for it. A read passes over the rest, a write refuses it; what is deleted is. */
function queryOf({ method, query }, of) {
  if (!query) return "";
  const isTried = (name) => (method === "GET" || name in query.shape) && !(method === "DELETE" && name === "dry_run");
  const named = Object.entries(QUERY(of)).filter(([name]) => isTried(name));
  return `?${new URLSearchParams(named)}`;
}

/** What an answer must be; null where it is. */
function judge(route, name, credential, which, { status }) {
  if (status >= 500) return `a ${status}`;
  const may = !route.scopes.includes("none") && mayCall(route, credential);
  if (route.scopes.includes("none")) return null;
  if (credential.isNobody || (route.admin ? !credential.session : credential.session))
    return [401, 403].includes(status) ? null : `${status} instead of 401`;
  // Whose school the address names is looked at before what is asked of it.
  if (which === "there") return status === 404 ? null : `${status} instead of 404`;
  if (!may) return status === 403 ? null : `${status} instead of 403`;
  if (credential.isKey && !ASKS_MORE.has(name) && (status === 401 || status === 403)) return `refused with ${status}`;
  const isTheirs = paramsOf(route).length > 0 && !route.path.includes("/templates/");
  if (!isTheirs || MAKES.has(name)) return null;
  const isChosen = /\/(?:users|segments|profile-fields|products|courses)\//.test(route.path);
  if (which === "shared" && isChosen) return null;
  // 403 where an owner alone may: said without a look at what is there.
  return status === 404 || status === 403 ? null : `${status} instead of 404`;
}

const mayCall = (route, { scopes }) => route.scopes.some((scope) => scopes.includes(scope));

async function credentialsOf(client, a, ours, b, theirs) {
  const bearer = (token) => ({ authorization: `Bearer ${token}` });
  const fixed = (kind, scopes, headers, rest = {}) => ({ kind, scopes, headers: () => headers, ...rest });
  const key = async (...scopes) =>
    fixed(`a key for ${scopes.join(" ")}`, scopes, bearer(await a.makeKey(...scopes)), { isKey: true });
  const deleted = await a.makeKey("read", "write", "events");
  const id = (await a.call("GET", "/v1/api-keys?limit=100")).data.at(-1).id;
  await a.call("DELETE", `/v1/api-keys/${id}`);
  let secret = ours.secrets.signing;
  const session = async (role, scopes) =>
    fixed(`the session of ${role}`, scopes, await signIn(client, `${role}@${ours.mark}.com`), { session: true });
  const user = (sub) => ({
    kind: `a user token of ${sub}`,
    scopes: ["user"],
    headers: () => bearer(userToken(secret, claimsOf(a.id, sub))),
    // Rotating keeps the secret before for a day, not the one before that.
    renew: async (name) => {
      if (name === "POST /v1/signing-secret") ({ secret } = await a.call("POST", "/v1/signing-secret"));
    },
  });
  return [
    fixed("nobody", [], {}, { isNobody: true }),
    fixed("a stranger", [], bearer("sb_test_0123456789abcdef0123456789abcdef"), { isNobody: true }),
    fixed("a deleted key", [], bearer(deleted), { isNobody: true }),
    {
      ...fixed("a token of the other school signed by ours", [], {}, { isNobody: true }),
      headers: () => bearer(userToken(secret, claimsOf(b.id, SHARED.user))),
    },
    fixed("platform", ["platform"], bearer(client.adminToken)),
    await key("events"),
    await key("read"),
    await key("write"),
    await key("admin"),
    await key("events", "read", "write"),
    await key("events", "read", "write", "admin"),
    user(SHARED.user),
    user(theirs.own.user),
    await session("viewer", ["read"]),
    await session("editor", ["read", "write"]),
    await session("owner", ["events", "read", "write", "admin"]),
  ];
}
