export * from "./definitions";
export * from "./lms";
export * from "./log";
export * from "./schools";
export * from "./users";
