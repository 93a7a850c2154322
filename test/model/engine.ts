/* The engine's doors that the tests go through: what is bundled anew for each planted fault. */
export { eventOf } from "../../src/catalogue";
export { checkDefinition } from "../../src/catalogue/checking/check";
export { compile } from "../../src/engine/compile/compile";
export { advance, control, newState, step } from "../../src/engine/step";
