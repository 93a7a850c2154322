export const values = {};
