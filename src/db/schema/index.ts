export * from "./definitions";
export * from "./log";
export * from "./schools";
export * from "./users";
