interface Category {
  label: string;
  /** Names a drawing of `admin/components/icon.tsx`. */
  icon: string;
  /** To a learner: what a message came of whose automation began by a trigger of it. Left out: nothing is said. */
  why?: string;
}

/** What cards are sorted by. */
export const CATEGORIES = {
  events: { label: "Events", icon: "when" },
  tags: { label: "Tags", icon: "tag" },
  users: { why: "you joined, or did, something at the school", label: "Users", icon: "person" },
  user: { label: "User", icon: "person" },
  "user management": { label: "User management", icon: "person" },
  inactivity: { why: "you had not been here for a while", label: "Inactivity", icon: "moon" },
  progress: { why: "your progress in a course", label: "Progress", icon: "bars" },
  payments: { why: "your payment", label: "Payments", icon: "card" },
  forms: { why: "a form you filled in", label: "Forms", icon: "form" },
  products: { label: "Products", icon: "book" },
  consent: { label: "Consent", icon: "shield" },
  messages: { label: "Messages", icon: "letter" },
  community: { why: "what you did in the community", label: "Community", icon: "bubble" },
  integrations: { label: "Integrations", icon: "link" },
  beyond: { label: "Beyond", icon: "spark" },
  flow: { label: "Flow", icon: "branch" },
} as const satisfies Record<string, Category>;

/** What is said to a learner of a category. */
export const whyOfCategory = (name: string): string | null => {
  const categories: Readonly<Record<string, Category>> = CATEGORIES;
  return Object.hasOwn(categories, name) ? (categories[name]?.why ?? null) : null;
};

export type CategoryName = keyof typeof CATEGORIES;
