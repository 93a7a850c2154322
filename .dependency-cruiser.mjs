/*
 * The picture of the house: a room imports from floors below its own and within itself, types included, and no files
 * import each other in a circle. `npm run check:floors` holds it and `npm run floors` draws it into docs/floors.md.
 */

/** From the top down; rooms of one floor do not know each other. */
export const FLOORS = [
  ["src/index.ts"],
  ["src/application.ts", "src/background.ts"],
  ["src/admin"],
  ["src/http"],
  ["src/queue"],
  ["src/cron"],
  ["src/inbound", "src/held"],
  ["src/automations", "src/evidence", "src/lms"],
  ["src/segments", "src/schools", "src/products"],
  ["src/users"],
  ["src/jobs", "durable-objects"],
  ["src/journal"],
  ["src/world"],
  ["src/calls"],
  ["src/db", "src/connectors"],
  ["src/engine"],
  ["src/catalogue"],
  ["src/definition"],
  ["src/base", "src/language"],
];

/** What is right of a room's name in a path. */
const pattern = (rooms) =>
  `^(${rooms.map((room) => (room.endsWith(".ts") ? room.replaceAll(".", "\\.") : `${room}/`)).join("|")})`;

const climbs = FLOORS.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `floor of ${room}`,
    severity: "error",
    comment: `${room} imports from floors below it alone`,
    from: { path: pattern([room]) },
    to: {
      path: pattern(
        FLOORS.slice(0, floor + 1)
          .flat()
          .filter((other) => other !== room),
      ),
    },
  })),
).filter(({ to }) => to.path !== "^()");

export default {
  forbidden: [
    { name: "no circle", severity: "error", from: {}, to: { circular: true } },
    {
      name: "every file in a room",
      severity: "error",
      comment: "a folder that is new has a floor of its own to be named here",
      from: {},
      to: { path: "^(src|durable-objects)/", pathNot: pattern(FLOORS.flat()) },
    },
    ...climbs,
  ],
  options: {
    parser: "swc",
    // Types count: what knows the shape of another room's things knows the room.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(\\.test\\.tsx?$)|(^src/(admin|http)/generated/)|(^node_modules)|(^(cloudflare|node):)" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx"] },
  },
};
