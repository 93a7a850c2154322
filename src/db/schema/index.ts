export * from "./definitions";
export * from "./evidence";
export * from "./jobs";
export * from "./lms";
export * from "./log";
export * from "./platform";
export * from "./schools";
export * from "./users";
