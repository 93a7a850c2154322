import { getDomain, getPublicSuffix } from "tldts";
import * as z from "zod";
import { domainKey, domainMeant, isAmongDomains } from "../account/domain";
import { emailDomain } from "../account/email";
import { USER_SIGNED_UP } from "../account/facts";
import { type Doing, defineAction, done, type Outcome, requireRoom, skipped } from "../define";
import { giving, taking } from "../facts/effect";
import { domains, tags, words } from "../options/fields";
import { gives } from "../undo/things";
import { addTags, removeTags, TAG_ADDED, TAG_REMOVED } from "./change";

const adding = (doing: Doing, wanted: readonly string[]): Outcome => {
  requireRoom(doing, { tags: wanted });
  const added = addTags(doing, wanted, { areSpelled: false });
  return added.length ? done({ added }) : skipped("already_held");
};
const mayAdd = (wanted: readonly string[]) => wanted.map((tag) => ({ type: TAG_ADDED, data: { tag } }));
/** Endings of domains, with or without the dot or the star before them. */
const tldKey = (tld: string): string => domainKey(tld.trim().replace(/^\*?\./, ""));

export const addTagsAction = defineAction({
  type: "tags.add",
  label: "Add Tags",
  also: ["label", "mark", "segment"],
  says: "add the tag {tags|and}",
  category: "tags",
  description: "Gives the user these tags.",
  undo: gives("tag", "added"),
  params: () => ({ tags }),
  effect: giving,
  makes: [TAG_ADDED],
  mayMake: (params) => mayAdd(params.tags),
  perform: (doing, params) => adding(doing, params.tags),
});

export const removeTagsAction = defineAction({
  type: "tags.remove",
  label: "Remove Tags",
  also: ["label", "unmark"],
  says: "remove the tag {tags|and}",
  category: "tags",
  description: "Takes these tags from the user.",
  params: () => ({ tags }),
  effect: taking,
  makes: [TAG_REMOVED],
  mayMake: (params) => params.tags.map((tag) => ({ type: TAG_REMOVED, data: { tag } })),
  perform: (doing, params) => {
    const removed = removeTags(doing, params.tags);
    return removed.length ? done({ removed }) : skipped("not_held");
  },
});

export const addEmailDomainTags = defineAction({
  type: "tags.add_email_domain",
  label: "Add Tags based on User's Email Domain",
  says: "add a tag by email domain[: {map|map}]",
  category: "tags",
  description:
    "Gives the tags that stand for the domain of the user's email; without a map the domain itself is the tag.",
  undo: gives("tag", "added"),
  params: () => ({
    map: z.array(z.strictObject({ domains, tags })).max(200).optional(),
  }),
  effect: giving,
  makes: [TAG_ADDED],
  mayMake: ({ map }) => (map ? mayAdd(map.flatMap((row) => row.tags)) : [{ type: TAG_ADDED, data: {} }]),
  onlyWith: [USER_SIGNED_UP],
  perform: (doing, { map }) => {
    const domain = emailDomain(doing.learner.email);
    if (!domain) return skipped("no_email");
    if (!map) return adding(doing, [domain]);
    const wanted = map.flatMap((row) => (isAmongDomains(row.domains)(domain) ? row.tags : []));
    return wanted.length ? adding(doing, wanted) : skipped("other_domain");
  },
});

export const addEmailDomainIf = defineAction({
  type: "tags.add_email_domain_if",
  label: "Add User's Email Domain as a Tag",
  says: "add the email domain as a tag[ if it is {domains}]",
  category: "tags",
  description: "Makes the domain of the user's email a tag, if it is one of these.",
  undo: gives("tag", "added"),
  params: () => ({ domains }),
  effect: giving,
  makes: [TAG_ADDED],
  mayMake: ({ domains }) => {
    const meant = domains.flatMap((one) => domainMeant(one) ?? []);
    return meant.some(({ below }) => below)
      ? [{ type: TAG_ADDED, data: {} }]
      : mayAdd(meant.map(({ spelled }) => spelled));
  },
  onlyWith: [USER_SIGNED_UP],
  perform: (doing, { domains }) => {
    const domain = emailDomain(doing.learner.email);
    if (!domain) return skipped("no_email");
    return isAmongDomains(domains)(domain) ? adding(doing, [domain]) : skipped("other_domain");
  },
});

export const addEmailTldTags = defineAction({
  type: "tags.add_email_tld",
  label: "Add tags based on the user's TLD (.com, .org)",
  says: "add a tag by the ending of the email address[: {map|map}]",
  category: "tags",
  description:
    "Gives the tags that stand for the top-level domain of the user's email, by the public suffix list; without a map the suffix itself is the tag (com, co.uk).",
  undo: gives("tag", "added"),
  params: () => ({
    map: z
      .array(z.strictObject({ tlds: words, tags }))
      .max(200)
      .optional(),
  }),
  effect: giving,
  makes: [TAG_ADDED],
  mayMake: ({ map }) => (map ? mayAdd(map.flatMap((row) => row.tags)) : [{ type: TAG_ADDED, data: {} }]),
  perform: (doing, { map }) => {
    const domain = emailDomain(doing.learner.email);
    if (!domain) return skipped("no_email");
    const suffix = getPublicSuffix(domain);
    if (!suffix || !getDomain(domain)) return skipped("no_tld");
    if (!map) return adding(doing, [suffix]);
    const wanted = map.flatMap((row) => (row.tlds.some((tld) => tldKey(tld) === domainKey(suffix)) ? row.tags : []));
    return wanted.length ? adding(doing, wanted) : skipped("other_tld");
  },
});
