// The demo school: automations from the use cases, and learners with a believable history.

/** The same chances every time. */
function chances(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Who signs in to look at it; its link is shown on the page that asks for it. */
export const DEMO_OWNER = "owner@demo.school.example";

const mail = (subject, body, more = {}) => ({
  type: "email.user",
  subject,
  body: `<p>Hello {{ user.username | default: "there" }},</p><p>${body}</p>`,
  ...more,
});

export const settings = {
  url: "https://demo.school.example",
  company_name: "Demo School Ltd",
  support_email: "support@demo.school.example",
  timezone: "Europe/Athens",
  currency: "EUR",
  collaborators: [
    { email: DEMO_OWNER, role: "owner" },
    { email: "editor@demo.school.example", role: "editor" },
    { email: "viewer@demo.school.example", role: "viewer" },
  ],
};

export const fields = [
  { key: "department", name: "Department", type: "choice", choices: ["Sales", "Support", "Tech"] },
  { key: "cert_expires", name: "Certificate expires", type: "date" },
];

/** What the courses are called, by their ids: an LMS would send it. */
export const courses = {
  "js-101": "JavaScript 101",
  "js-201": "JavaScript 201",
  "css-101": "CSS 101",
  "data-101": "Data 101",
  "welcome-101": "Welcome to the school",
  "sales-training": "Sales training",
};

export const automations = [
  {
    name: "Tag newcomers",
    description: "Whoever signs up is tagged before the page that follows is drawn.",
    synchronous: true,
    when: [{ type: "user.signed_up" }],
    then: [{ type: "tags.add", tags: ["newcomer"] }],
  },
  {
    name: "Welcome course",
    description: "A first course and, an hour later, a welcome.",
    when: [{ type: "user.signed_up" }],
    then: [
      { type: "course.enroll", courses: ["welcome-101"] },
      { type: "wait", for: "PT1H" },
      mail("Welcome to {{ school.name }}", "Your first course is waiting for you."),
    ],
  },
  {
    name: "Onboarding drip",
    description: "Two mails, then one of two by what was done meanwhile.",
    when: [{ type: "course.enrolled", courses: ["js-101"] }],
    then: [
      mail("Your JavaScript course", "Begin with the first unit: it takes ten minutes."),
      { type: "wait", for: "P2D", window: { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" } },
      mail("How is it going?", "Two days in: here are three tips."),
      { type: "wait", for: "P4D" },
      {
        type: "branch",
        if: { type: "activity.completed", courses: ["$trigger"] },
        yes: [mail("Well done", "You have completed your first unit.")],
        no: [{ type: "message.user", body: "Need help with the first unit? Write to {{ school.support_email }}." }],
      },
    ],
    exit_when: [{ type: "course.completed", courses: ["$trigger"] }],
    reentry: "one_at_a_time",
    reentry_per: "trigger",
  },
  {
    name: "Win back",
    description: "For who stays away ten days.",
    when: [{ type: "inactivity.school", days: 10 }],
    then: [
      mail("We miss you", "Your courses are where you left them."),
      { type: "wait", for: "P7D" },
      {
        type: "branch",
        if: { type: "user.has_visited" },
        yes: [{ type: "message.user", body: "Welcome back!" }],
        no: [mail("Still there?", "Here is 10 % off your next course.", { kind: "marketing" })],
      },
    ],
    exit_when: [{ type: "user.signed_in" }],
    reentry: "one_at_a_time",
  },
  {
    name: "After the course",
    description: "Offers the next course to who completes one.",
    when: [{ type: "course.completed", courses: ["js-101"] }],
    only_if: { type: "course.is_not_enrolled", courses: ["js-201"] },
    then: [
      mail("Ready for more?", "JavaScript 201 begins where you are now."),
      { type: "wait", for: "P7D" },
      mail("10 % off JavaScript 201", "For a week.", { kind: "marketing" }),
    ],
    exit_when: [{ type: "course.enrolled", courses: ["js-201"] }],
    reentry: "once",
  },
  {
    name: "Customers",
    description: "Who pays is a customer, and the office hears of it.",
    when: [{ type: "payment.made" }],
    then: [
      { type: "tags.add", tags: ["customer"] },
      {
        type: "email.collaborators",
        to: ["role:owner"],
        subject: "{{ user.username }} paid {{ event.amount }} {{ event.currency }}",
        body: "<p>For {{ event.product }}.</p>",
      },
    ],
  },
  {
    name: "Sales club",
    description: "Sales people who completed the training join the club.",
    when: [{ type: "course.completed", courses: ["sales-training"] }],
    only_if: {
      all: [{ type: "segment.is_member", segments: ["sales"] }, { not: { type: "tags.has", tags: ["alumni"] } }],
    },
    then: [
      { type: "group.add", groups: ["sales-club"] },
      { type: "space.add", spaces: ["sales-lounge"] },
    ],
  },
  {
    name: "Certificate renewal",
    description: "A month before a certificate expires.",
    when: [{ type: "certificate.awarded" }],
    then: [
      { type: "wait", until_field: "cert_expires", offset: "-P30D", at: "09:00" },
      mail("Renew your certificate", "It expires on {{ user.fields.cert_expires }}."),
    ],
    exit_when: [{ type: "course.completed", courses: ["refresher"] }],
    reentry: "one_at_a_time",
  },
];

const FIRST = [
  "Anna",
  "Ben",
  "Carla",
  "Dimitri",
  "Eleni",
  "Farid",
  "Grace",
  "Hugo",
  "Iris",
  "Jonas",
  "Kim",
  "Lena",
  "Marco",
  "Nadia",
  "Oskar",
  "Petra",
  "Quentin",
  "Rosa",
  "Stavros",
  "Tara",
  "Uma",
  "Viktor",
  "Wanda",
  "Xenia",
  "Yannis",
  "Zoe",
];
const LAST = [
  "Adler",
  "Berg",
  "Costa",
  "Dimou",
  "Evans",
  "Fischer",
  "Garcia",
  "Hansen",
  "Ivanova",
  "Jensen",
  "Kaya",
  "Lund",
  "Moreau",
  "Novak",
  "Okafor",
  "Papas",
  "Rossi",
  "Silva",
  "Tanaka",
  "Weber",
];
const DEPARTMENTS = ["Sales", "Support", "Tech"];

/**
 * The events of each day, oldest day first: learners sign up over time, take courses, pay, finish, and some stay away.
 * @param days how long the history is
 * @param learners how many people
 */
export function history({ days, learners }) {
  const chance = chances(20_260_105);
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const plan = Array.from({ length: days }, () => []);
  const on = (day, event) => {
    if (day >= 0 && day < days) plan[day].push(event);
  };
  for (let n = 0; n < learners; n++) {
    const first = pick(FIRST);
    const last = pick(LAST);
    const id = `${first}-${last}-${n}`.toLowerCase();
    const joined = Math.floor(chance() * (days - 1));
    const user = { id };
    on(joined, {
      type: "user.signed_up",
      user: {
        id,
        email: `${id}@${pick(["example.com", "acme.example", "globex.example"])}`,
        username: `${first} ${last}`,
        source: pick(["newsletter", "ads", "friend"]),
        marketing_consent: chance() < 0.6,
        fields: { department: pick(DEPARTMENTS) },
      },
    });
    const course = pick(["js-101", "js-101", "css-101", "data-101"]);
    const pays = chance() < 0.4;
    const begins = joined + Math.floor(chance() * 3);
    on(begins, { type: "course.enrolled", user, data: { course, ...(pays ? { paid: true } : {}) } });
    if (pays)
      on(begins, {
        type: "payment.made",
        user,
        data: { product_type: "course", product: course, amount: pick([29, 49, 99]), payment: `pay-${n}` },
      });
    const pace = chance();
    let percent = 0;
    for (let day = begins + 1; day < days && pace > 0.25; day += 1 + Math.floor(chance() * 4)) {
      on(day, { type: "course.visited", user, data: { course } });
      percent = Math.min(100, percent + Math.floor(chance() * 30));
      on(day, { type: "course.progressed", user, data: { course, percent } });
      if (chance() < 0.5)
        on(day, {
          type: "activity.completed",
          user,
          data: { course, activity: `unit-${1 + Math.floor(percent / 20)}` },
        });
      if (percent < 100) continue;
      on(day, { type: "course.completed", user, data: { course, score: 60 + Math.floor(chance() * 40) } });
      on(day, {
        type: "certificate.awarded",
        user: { id, fields: { cert_expires: `${new Date().getUTCFullYear() + 1}-06-30` } },
        data: { course, certificate: `${course}-certificate` },
      });
      if (chance() < 0.5) on(day + 1, { type: "nps.submitted", user, data: { score: 6 + Math.floor(chance() * 5) } });
      break;
    }
  }
  return plan;
}
