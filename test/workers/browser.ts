import { type Answered, call as callApp, env } from "../../src/http/test-client";
import worker from "../../src/index";
import { startSession } from "../../src/schools/sign-in/sessions";

/* For tests: somebody's browser without script, with as many tabs as are wanted. */

const ORIGIN = "https://schoolbell.test";

/** A form as it stands on a page. */
export interface DrawnForm {
  method: string;
  action: string;
  isMultipart: boolean;
  fields: DrawnField[];
  /** What its buttons send, one of which is pressed. */
  buttons: { name: string; value: string }[];
}

export interface DrawnField {
  kind: string;
  name: string;
  value: string;
  isRequired: boolean;
  /** Of a select. */
  options: string[];
  isChecked: boolean;
}

export interface DrawnPage {
  status: number;
  address: string;
  text: string;
  /** Addresses of this site. */
  links: string[];
  forms: DrawnForm[];
}

const decoded = (text: string | null): string =>
  (text ?? "")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

/** Reads the forms and links of a page. */
async function drawn(address: string, { status, text, headers }: Answered): Promise<DrawnPage> {
  const page: DrawnPage = { status, address, text, links: [], forms: [] };
  if (!headers.get("content-type")?.startsWith("text/html")) return page;
  const byId = new Map<string, DrawnForm>();
  let form: DrawnForm | undefined;
  let field: DrawnField | undefined;
  const formOf = (element: Element) => byId.get(element.getAttribute("form") ?? "") ?? form;
  const put = (element: Element, kind: string) => {
    field = {
      kind,
      name: decoded(element.getAttribute("name")),
      value: decoded(element.getAttribute("value")),
      isRequired: element.hasAttribute("required"),
      options: [],
      isChecked: element.hasAttribute("checked"),
    };
    if (field.name !== "") formOf(element)?.fields.push(field);
  };
  const rewriter = new HTMLRewriter()
    .on("a[href^='/']", { element: (a) => void page.links.push(decoded(a.getAttribute("href"))) })
    .on("form", {
      element: (element) => {
        const made: DrawnForm = {
          method: (element.getAttribute("method") ?? "get").toUpperCase(),
          action: decoded(element.getAttribute("action")) || address,
          isMultipart: element.getAttribute("enctype") === "multipart/form-data",
          fields: [],
          buttons: [],
        };
        form = made;
        page.forms.push(made);
        byId.set(element.getAttribute("id") ?? made.action, made);
        element.onEndTag(() => {
          form = undefined;
        });
      },
    })
    .on("input", { element: (element) => put(element, element.getAttribute("type") ?? "text") })
    .on("select", { element: (element) => put(element, "select") })
    .on("option", {
      element: (element) => {
        const value = decoded(element.getAttribute("value"));
        field?.options.push(value);
        if (field && element.hasAttribute("selected")) field.value = value;
      },
    })
    .on("textarea", {
      element: (element) => put(element, "textarea"),
      text: (chunk) => {
        if (field) field.value += decoded(chunk.text);
      },
    })
    .on("button[type=submit]", {
      element: (element) => {
        const [name, value] = ["name", "value"].map((one) => decoded(element.getAttribute(one)));
        formOf(element)?.buttons.push({ name: name ?? "", value: value ?? "" });
      },
    });
  await rewriter.transform(new Response(text)).text();
  return page;
}

/** A browser with a session; every answer is read, and redirects are followed. */
export type Browser = Awaited<ReturnType<typeof browserOf>>;

export async function browserOf(email: string) {
  const cookie = `__Host-schoolbell=${await startSession(env, email)}`;
  const ask = (method: string, address: string, body?: BodyInit, headers: Record<string, string> = {}) =>
    callApp(worker, method, address, body, { headers: { cookie, origin: ORIGIN, ...headers } });
  const follow = async (address: string, answer: Answered): Promise<DrawnPage> => {
    const to = answer.status === 303 ? answer.headers.get("location") : null;
    return to === null ? drawn(address, answer) : follow(to, await ask("GET", to));
  };
  return {
    get: async (address: string) => follow(address, await ask("GET", address)),
    post: async (address: string, body: URLSearchParams | FormData) => {
      const sent = new Request(ORIGIN, { method: "POST", body });
      const type = sent.headers.get("content-type") ?? "";
      const bytes = new Uint8Array(await sent.arrayBuffer());
      return follow(address, await ask("POST", address, bytes, { "content-type": type }));
    },
    /** As an island calls a route. */
    call: (method: string, address: string, body?: unknown) =>
      ask(method, address, body === undefined ? undefined : JSON.stringify(body), {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      }),
  };
}
