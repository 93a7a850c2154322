// Signing in to the admin UI as people do, by the link that a local Worker shows in place of mailing it.

/** The cookie of a new session, and the Origin that its requests must come with. */
export async function signIn(client, email) {
  const origin = client.url;
  const form = { "content-type": "application/x-www-form-urlencoded", origin };
  const asked = await client.send({
    method: "POST",
    path: "/admin/sign-in",
    headers: form,
    body: `email=${encodeURIComponent(email)}`,
  });
  const link = /\/admin\/sign-in\/[A-Za-z0-9_-]{43}/.exec(asked.text)?.[0];
  if (!link) throw new Error(`No link for ${email}: ${asked.status} ${asked.text.slice(0, 300)}`);
  const done = await client.send({ method: "POST", path: link, headers: form, body: "next=/admin" });
  const cookie = [done.headers["set-cookie"]].flat().find((one) => one?.startsWith("schoolbell="));
  if (!cookie) throw new Error(`Not signed in: ${done.status} ${done.text.slice(0, 300)}`);
  return { cookie: cookie.split(";")[0], origin };
}
