interface Category {
  label: string;
  /** Names a drawing of `admin/components/icon.tsx`. */
  icon: string;
}

/** What cards are sorted by. */
export const CATEGORIES = {
  events: { label: "Events", icon: "when" },
  tags: { label: "Tags", icon: "tag" },
  users: { label: "Users", icon: "person" },
  user: { label: "User", icon: "person" },
  "user management": { label: "User management", icon: "person" },
  inactivity: { label: "Inactivity", icon: "moon" },
  progress: { label: "Progress", icon: "bars" },
  payments: { label: "Payments", icon: "card" },
  forms: { label: "Forms", icon: "form" },
  products: { label: "Products", icon: "book" },
  consent: { label: "Consent", icon: "shield" },
  messages: { label: "Messages", icon: "letter" },
  community: { label: "Community", icon: "bubble" },
  integrations: { label: "Integrations", icon: "link" },
  beyond: { label: "Beyond", icon: "spark" },
  flow: { label: "Flow", icon: "branch" },
} as const satisfies Record<string, Category>;

export type CategoryName = keyof typeof CATEGORIES;
